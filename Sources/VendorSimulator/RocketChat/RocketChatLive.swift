/// How Rocket.Chat's chats and agents stand, from the same day's traffic as the charts.
struct RocketChatLive: Sendable {
  /// The endpoints beside charts-data.
  enum Endpoint: String, CaseIterable {
    case chats = "charts/chats"
    case agents = "charts/agents-status"
    case conversations = "conversation-totalizers"
    case abandonment = "chats-totalizers"
    case productivity = "productivity-totalizers"

    init?(path: String) {
      let prefix = "/api/v1/livechat/analytics/dashboards/"
      guard path.hasPrefix(prefix) else { return nil }
      self.init(rawValue: String(path.dropFirst(prefix.count)))
    }

    /// What must be in the query.
    var parameters: [String] { self == .agents ? [] : ["start", "end"] }
  }

  /// A chat is closed when it is so many seconds old.
  private static let duration = 480.0
  /// Of the chats that are with an agent this part is on hold.
  private static let holdShare = 0.12
  /// This part of the chats is given up by the visitor.
  private static let abandonedShare = 0.06
  private static let waiting = ServiceQuality(median: 24, slope: 3)
  /// The agents of the whole workspace.
  private static let agents = 24.0

  let charts: RocketChatCharts

  private var model: DayModel { charts.model }

  /// What `start` and `end` stand for.
  struct Span {
    /// The two instants.
    let from: Double
    let to: Double
    /// The days that the server's overview makes of them: of both texts it reads only the date, in the
    /// workspace's zone (`omnichannel-analytics/service.ts` @08bb48da).
    let days: (from: Double, to: Double)

    /// Nil if one of the texts is not a date.
    init?(start: String, end: String, offset: Int) {
      guard let from = Timestamp.parse(start), let to = Timestamp.parse(end),
        let first = CivilDate(parsing: start.prefix(10)),
        let last = CivilDate(parsing: end.prefix(10))
      else { return nil }
      self.from = from
      self.to = to
      days = (
        first.start(offset: offset), CivilDate(days: last.days + 1).start(offset: offset)
      )
    }

    /// No span: for what is asked without dates.
    init(at now: Double) {
      (from, to, days) = (now, now, (now, now))
    }
  }

  /// The answer's members.
  func answer(
    _ endpoint: Endpoint,
    _ span: Span,
    _ department: String?,
    at now: Double
  ) -> JSONValue {
    let share = department.map { charts.departments[$0] ?? 0 } ?? 1
    let (from, end) = (span.from, min(span.to, now))
    let days = (from: span.days.from, to: min(span.days.to, now))
    switch endpoint {
    case .chats:
      let chats = chats(from: from, to: end, share: share, at: now)
      return [
        "open": .integer(chats.open), "closed": .integer(chats.closed),
        "queued": .integer(chats.queued), "onhold": .integer(chats.onHold), "success": true,
      ]
    case .agents: return staff(share: share, at: now)
    case .conversations:
      // All but the visitors comes from the overview (`getConversationsMetricsAsync`).
      let chats = chats(from: days.from, to: days.to, share: share, at: now)
      let visits = count(from: from, to: end, share: share)
      let messages = charts.value(
        "Total_messages",
        from: days.from,
        to: days.to,
        department: department,
        at: now
      )
      return totalizers([
        ("Total_conversations", .integer(chats.total)),
        ("Open_conversations", .integer(chats.open + chats.queued)),
        ("On_Hold_conversations", .integer(chats.onHold)),
        ("Total_messages", .rounded(messages ?? 0, decimals: 0)),
        ("Total_visitors", .integer(visits - visits / 9)),
      ])
    case .abandonment:
      // `ts >= start && closedAt <= end` (LivechatRooms.findAllNumberOfAbandonedRooms @011fac0e): a
      // chat that is open at `end` is not counted, whenever it is closed.
      let abandoned = count(
        from: from,
        to: end - RocketChatLive.duration,
        share: share * RocketChatLive.abandonedShare
      )
      let duration = charts.value(
        "Avg_chat_duration",
        from: from,
        to: end,
        department: department,
        at: now
      )
      return totalizers([
        ("Total_abandoned_chats", .integer(abandoned)),
        (
          "Avg_of_abandoned_chats",
          .string("\(RocketChatLive.plain(percentage(from: from, to: end, department, at: now)))%")
        ),
        ("Avg_of_chat_duration_time", .string(RocketChatLive.clock(duration ?? 0))),
      ])
    case .productivity:
      let times = [
        "Avg_response_time", "Avg_first_response_time", "Avg_reaction_time",
      ].map { name in
        (
          name,
          charts.value(name, from: days.from, to: days.to, department: department, at: now) ?? 0
        )
      }
      // By instants; the departments' averages are rounded up (`findAllAverageWaitingTime`, `$ceil`),
      // and alike here, so that their mean is any of them.
      let waited = share > 0 ? waitingTime(from: from, to: end)?.rounded(.up) : nil
      return totalizers(
        (times + [("Avg_of_waiting_time", waited ?? 0)]).map { name, seconds in
          (name, .string(RocketChatLive.clock(seconds)))
        }
      )
    }
  }

  /// The plain mean of the departments' percentages of abandoned chats, each rounded down
  /// (`findPercentageOfAbandonedRooms`, `getChatsMetricsAsync`); chats without a department are a
  /// group as well.
  private func percentage(
    from: Double,
    to: Double,
    _ department: String?,
    at now: Double
  ) -> Double {
    let all = charts.departments.values.sorted()
    let shares = department.map { [charts.departments[$0] ?? 0] } ?? all + [1 - all.reduce(0, +)]
    let percentages = shares.compactMap { share -> Double? in
      let total = count(from: from, to: to, share: share)
      let abandoned = count(
        from: from,
        to: min(to, now - RocketChatLive.duration),
        share: share * RocketChatLive.abandonedShare
      )
      return total > 0 ? (Double(abandoned * 100) / Double(total)).rounded(.down) : nil
    }
    return percentages.isEmpty ? 0 : percentages.reduce(0, +) / Double(percentages.count)
  }

  /// Chats that began in [from, to), by how they stand at `now`.
  private func chats(
    from: Double,
    to: Double,
    share: Double,
    at now: Double
  ) -> (total: Int, queued: Int, open: Int, onHold: Int, closed: Int) {
    let pressure = model.pressure(
      day: CivilDate(instant: now, offset: model.offset).days,
      hour: hour(at: now)
    )
    let patience = RocketChatLive.waiting.median(at: pressure)
    func begun(after age: Double) -> Int {
      count(from: max(from, now - age), to: to, share: share)
    }
    let total = count(from: from, to: to, share: share)
    let queued = begun(after: patience)
    let unclosed = max(queued, begun(after: RocketChatLive.duration))
    let onHold = Int(Double(unclosed - queued) * RocketChatLive.holdShare)
    return (total, queued, unclosed - queued - onHold, onHold, max(0, total - unclosed))
  }

  /// The agents by status: a part of them works at night, most at noon.
  private func staff(share: Double, at now: Double) -> JSONValue {
    let total = Int((RocketChatLive.agents * share).rounded())
    // `_id` comes from the server's aggregation and is always null.
    guard total > 0 else { return ["success": true] }
    let weight = DayShape.hourWeights[hour(at: now)] / 100
    let present = Int((Double(total) * (0.2 + 0.75 * weight)).rounded())
    let minute = Int(now / 60)
    let away = Int(Double(present) * 0.2 * model.noise.unit(41, minute))
    let busy = Int(Double(present) * 0.3 * model.noise.unit(42, minute))
    return [
      "_id": .null, "offline": .integer(total - present), "away": .integer(away),
      "busy": .integer(busy), "available": .integer(present - away - busy), "success": true,
    ]
  }

  private func hour(at now: Double) -> Int {
    let day = CivilDate(instant: now, offset: model.offset)
    return min(max(Int((now - day.start(offset: model.offset)) / 3600), 0), 23)
  }

  private func waitingTime(from: Double, to: Double) -> Double? {
    model.mean(
      of: { RocketChatLive.waiting.mean(at: $0) },
      over: RocketChatCharts.rooms,
      from: from,
      to: to
    )
  }

  private func count(from: Double, to: Double, share: Double) -> Int {
    guard share > 0, to > from else { return 0 }
    return model.count(RocketChatCharts.rooms, from: from, to: to, share: share)
  }

  private func totalizers(_ entries: [(String, JSONValue)]) -> JSONValue {
    [
      "totalizers": .array(entries.map { ["title": .string($0.0), "value": $0.1] }),
      "success": true,
    ]
  }

  /// JavaScript's way to write a number: no fraction where there is none.
  private static func plain(_ value: Double) -> String {
    value == value.rounded() ? String(Int(value)) : String(value)
  }

  /// `HH:MM:SS`; the vendor rounds each part on its own, so that seconds may be 60.
  static func clock(_ seconds: Double) -> String {
    let hours = Int(seconds / 3600)
    let minutes = Int((seconds - Double(hours) * 3600) / 60)
    let rest = Int((seconds - Double(hours) * 3600 - Double(minutes) * 60).rounded())
    return "\(hours.padded(2)):\(minutes.padded(2)):\(rest.padded(2))"
  }
}
