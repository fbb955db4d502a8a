/// Experia's day: the series, how long things take, and what a period amounts to.
struct ExperiaTraffic: Sendable {
  static let sessions = Series("totalSessions", perDay: 1200)
  /// What is not closed by midnight stays open, so a closed day never changes.
  static let closed = Series(
    "totalClosedSessions",
    stream: "totalSessions",
    perDay: 1104,
    lag: 900
  )
  static let transferred = Series("totalTransferred", perDay: 32, lag: 300)
  static let messages = Series("totalMsg", perDay: 3300, lag: 30)
  static let tags = Series("totalTags", perDay: 118, lag: 960)
  static let templates = Series("totalTemplateUsage", perDay: 220, lag: 120)
  static let predefined = Series("totalPredefinedMessages", perDay: 840, lag: 60)
  /// Seconds online: more agents are there when more is to do.
  static let online = Series("agentTotalTimeOnline", perDay: 12 * 8 * 3600)

  /// The names of the totals.
  static let totals = Set(
    [sessions, closed, transferred, messages, tags, templates, predefined, online].map(\.name)
  )

  static let waiting = ServiceQuality(median: 16, slope: 3.7)
  static let response = ServiceQuality(median: 4, slope: 3.7)
  static let service = ServiceQuality(median: 24, slope: 0.8)

  let model: DayModel

  /// The figures of a period.
  func summary(_ filter: ExperiaFilter) -> ExperiaSummary {
    func count(_ series: Series) -> Int {
      model.count(series, from: filter.from, to: filter.to, share: filter.share)
    }
    let sessions = count(ExperiaTraffic.sessions)
    let closed = count(ExperiaTraffic.closed)
    let tags = count(ExperiaTraffic.tags)
    /// Nothing to average before the first session is there, or is closed.
    func mean(_ events: Int, _ figure: (Double) -> Double) -> Double {
      guard events > 0 else { return 0 }
      return model.mean(of: figure, over: ExperiaTraffic.sessions, from: filter.from, to: filter.to)
        ?? 0
    }
    let middle = mean(closed) { ExperiaTraffic.service.median(at: $0) }
    let hours = hoursOfDay(filter)
    return ExperiaSummary(
      totalSessions: sessions,
      totalClosedSessions: closed,
      totalTransferred: count(ExperiaTraffic.transferred),
      totalMessages: count(ExperiaTraffic.messages),
      totalTags: tags,
      totalTemplateUsage: count(ExperiaTraffic.templates),
      totalPredefinedMessages: count(ExperiaTraffic.predefined),
      totalClients: clients(of: sessions, days: filter.days),
      agentOnlineSeconds: count(ExperiaTraffic.online),
      averageWaitingTime: Int(mean(sessions) { ExperiaTraffic.waiting.mean(at: $0) }),
      averageResponseTime: Int(mean(sessions) { ExperiaTraffic.response.mean(at: $0) }),
      averageServiceTime: Int(mean(closed) { ExperiaTraffic.service.mean(at: $0) }),
      // The law's typical extremes of so many cases.
      minServiceTime: closed > 0 ? max(1, Int(middle / Double(closed + 1).squareRoot())) : 0,
      maxServiceTime: Int(middle * Double(min(closed, 200_000)).squareRoot()),
      csat: tenth(mean(closed) { 93 - 22 * $0 }),
      fcr: tenth(mean(closed) { 82 - 16 * $0 }),
      nps: tenth(mean(closed) { 64 - 62 * $0 }),
      totalTagsPercent: closed > 0 ? tenth(Double(tags) / Double(closed) * 100) : 0,
      peakHour: hours.peak,
      weakHour: hours.weak
    )
  }

  /// The share of sessions within a threshold in seconds, percent.
  func compliance(_ quality: ServiceQuality, threshold: Double, filter: ExperiaFilter) -> Double {
    let share = model.mean(
      of: { quality.compliance(threshold: threshold, at: $0) },
      over: ExperiaTraffic.sessions,
      from: filter.from,
      to: filter.to
    )
    return tenth((share ?? 0) * 100)
  }

  /// Fewer clients than sessions, and fewer the longer the period, for people come again.
  private func clients(of sessions: Int, days: Int) -> Int {
    let factor = days <= 1 ? 0.83 : 0.83 - 0.4 * Double(days - 1) / Double(days + 20)
    return Int((Double(sessions) * factor).rounded(.up))
  }

  private func hoursOfDay(_ filter: ExperiaFilter) -> (peak: Int, weak: Int) {
    let shift = filter.offset - model.offset
    let counted = model.byHour(ExperiaTraffic.sessions, from: filter.from, to: filter.to)
      .enumerated().compactMap { hour, count in
        count.map { (hour: hour, count: $0) }
      }
    guard let peak = counted.max(by: { $0.count < $1.count }),
      let weak = counted.min(by: { $0.count < $1.count })
    else { return (0, 0) }
    func local(_ hour: Int) -> Int {
      ((hour * 3600 + shift).flooredQuotient(3600) + 48) % 24
    }
    return (local(peak.hour), local(weak.hour))
  }

  private func tenth(_ value: Double) -> Double {
    (value * 10).rounded() / 10
  }
}
