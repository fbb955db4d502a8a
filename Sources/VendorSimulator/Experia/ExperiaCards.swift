/// The rows behind a card.
struct ExperiaCards: Sendable {
  static let names: Set<String> = [
    "CARDTOTALSESSIONS", "CARDTOTALCLOSEDSESSIONS", "CARDTOTALTRANSFERRED", "CARDNEWCLIENTS",
    "CARDWAITINGTIME", "CARDSERVICETIME", "CARDMINSERVICETIME", "CARDMAXSERVICETIME",
    "CARDAVGRESPONSETIME", "CARDPEAKTIME", "CARDWEAKTIME", "CARDCSAT", "CARDFCR", "CARDNPS",
    "CARDTOTALMESSAGES", "CARDTOTALTIME", "CARDTAGS", "CARDTAGSPERCENTAGE", "CARDQUEUEREPORT",
    "CARDTEMPLATEUSAGE", "CARDPREDEFINEDMESSAGES",
  ]
  private static let channels = ["whatsapp", "whatsapp", "whatsapp", "instagram", "webchat"]

  let model: DayModel
  let limit: Int

  /// The closed sessions of a period, one row each, the earliest first; a row never changes.
  func closedSessions(_ filter: ExperiaFilter) -> [JSONValue] {
    var rows: [JSONValue] = []
    for slice in model.slices(from: filter.from, to: filter.to) where rows.count < limit {
      let midnight = CivilDate(days: slice.day).start(offset: model.offset)
      let shape = model.shape(ExperiaTraffic.closed, day: slice.day)
      let before = Int(shape.cumulative(slice.start) * filter.share)
      let closed = Int(shape.cumulative(slice.end) * filter.share)
      let after = min(closed, before + limit - rows.count)
      guard after > before else { continue }
      let instants = shape.instants(of: (before + 1)...after, share: filter.share)
      for (index, second) in instants.enumerated() {
        rows.append(row(day: slice.day, number: before + 1 + index, ended: midnight + second))
      }
    }
    return rows
  }

  private func row(day: Int, number: Int, ended: Double) -> JSONValue {
    let noise = model.noise
    let hour = Int((ended + Double(model.offset)) / 3600) % 24
    let pressure = model.pressure(day: day, hour: hour)
    func draw(_ quality: ServiceQuality, _ stream: UInt64) -> Double {
      quality.quantile(noise.unit(stream, day, number), at: pressure)
    }
    let taken = ended - draw(ExperiaTraffic.service, 11)
    let created = taken - draw(ExperiaTraffic.waiting, 12)
    // Some clients leave before an agent takes the session.
    let isTaken = noise.unit(15, day, number) >= 0.05
    let channel = Int(noise.unit(13, day, number) * Double(ExperiaCards.channels.count))
    let client = 10_001 + Int(noise.unit(14, day, number) * 5000)
    return [
      "session_key": .string("sim-\(CivilDate(days: day).text)-\(number)"),
      "client_id": .integer(client),
      // The documentation's own mask: no number, not even an invented one.
      "username": "9665XXXXXXXX",
      "created_date": .string(Timestamp.iso8601(created, fractionDigits: 6)),
      "taken_date": isTaken ? .string(Timestamp.iso8601(taken, fractionDigits: 6)) : .null,
      "ended_date": .string(Timestamp.iso8601(ended, fractionDigits: 6)),
      "status": "CLOSED",
      "type": .string(ExperiaCards.channels[channel]),
      "agent_email": .string("agent\(1 + client % 9)@example.com"),
    ]
  }
}
