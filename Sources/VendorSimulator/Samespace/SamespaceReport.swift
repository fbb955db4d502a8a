/// The rows of the simulated report and of the table insight; columns are metric ids.
enum SamespaceReport {
  static let id = "6007d54273902f0069dc68dc"
  static let team = "5ea18e7f465b4d80736a76ee"
  static let calls = "5e6f5fc04767c68072ee0321"
  static let direction = "5e6f5fc04767c68072ee031d"

  /// One row a call that was answered in the window, the latest first.
  ///
  /// The numbers are of the range 555-0100 to 555-0199, which no subscriber has.
  static func rows(_ model: DayModel, window: SamespaceWindow, skip: Int, limit: Int)
    -> [JSONValue]
  {
    var toSkip = skip
    var rows: [JSONValue] = []
    // From the last day backwards, and no further than the page goes.
    for slice in model.slices(from: window.from, to: window.to).reversed()
    where rows.count < limit {
      let calls = [(SamespaceInsight.inbound, "in"), (SamespaceInsight.outbound, "out")]
        .flatMap { series, direction in
          instants(model, series, slice).map { (instant: $0, direction: direction) }
        }
        .sorted { $0.instant > $1.instant }
      rows += calls.dropFirst(toSkip).prefix(limit - rows.count).map { call in
        row(model.noise, call.instant, call.direction)
      }
      toSkip = max(0, toSkip - calls.count)
    }
    return rows
  }

  /// One row a team.
  static func teams(_ model: DayModel, window: SamespaceWindow) -> [JSONValue] {
    SamespaceInsight.teams.map { name, share in
      let count = model.count(
        SamespaceInsight.inbound,
        from: window.from,
        to: window.to,
        share: share
      )
      return .object([
        JSONValue.Member(name: team, value: .string(name)),
        JSONValue.Member(name: calls, value: .integer(count)),
      ])
    }
  }

  private static func instants(
    _ model: DayModel,
    _ series: Series,
    _ slice: (day: Int, start: Double, end: Double)
  ) -> [Double] {
    let midnight = CivilDate(days: slice.day).start(offset: model.offset)
    let shape = model.shape(series, day: slice.day)
    let before = Int(shape.cumulative(slice.start))
    let after = Int(shape.cumulative(slice.end))
    guard after > before else { return [] }
    return shape.instants(of: (before + 1)...after, share: 1).map { midnight + $0 }
  }

  private static func row(_ noise: Noise, _ instant: Double, _ direction: String) -> JSONValue {
    let key = Int(instant * 1000)
    let seconds = 10 + Int(noise.unit(21, key) * 300)
    let caller = 100 + Int(noise.unit(22, key) * 100)
    let started = JSONValue.string(Timestamp.iso8601(instant, fractionDigits: 3))
    let ended = JSONValue.string(
      Timestamp.iso8601(instant + Double(seconds), fractionDigits: 3)
    )
    let id = String(UInt64(truncatingIfNeeded: key), radix: 16)
    return [
      "5ef594e0eba06ff9adbcfc07": .string(String(repeating: "0", count: 24 - id.count) + id),
      "5e6f5fc04767c68072ee031c": started,
      "60af7ebc2c1f3d2b8e5faf7e": started,
      "602a0daa27200ad38393241c": ended,
      "60af7fa12c1f3d2b8e5faf7f": ended,
      SamespaceReport.direction: .string(direction),
      "5eafce52965aff16547f2816": .string("+1407555\(caller.padded(4))"),
      "5eafcfde965aff16547f2817": "+16935550199",
      "5e6f5fc04767c68072ee0320": .integer(seconds),
      "5ec3ab9dc17f3c7ee1471a7a": "Web",
    ]
  }
}
