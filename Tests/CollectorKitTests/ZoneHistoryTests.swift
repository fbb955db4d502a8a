import CollectorKit
import Testing

/// The system's zones against Python's zoneinfo, by the table in `ZoneHistory`.
@Suite struct ZoneHistoryTests {
  @Test(arguments: ZoneHistory.all)
  func history(_ history: ZoneHistory) throws {
    let zone = try Zone(named: history.zone)
    var checked = 0
    for span in history.spans.split(separator: "\n") {
      let changes = try span.split(separator: " ").map { word in
        let parts = word.split(separator: ":")
        return (instant: try #require(Int64(parts[0])), offset: try #require(Int(parts[1])))
      }
      for (change, next) in zip(changes, changes.dropFirst()) {
        for instant in [change.instant, (change.instant + next.instant) / 2, next.instant - 1] {
          #expect(zone.offset(at: instant) == change.offset, "at \(instant)")
          checked += 1
        }
      }
    }
    #expect(checked >= 9)
  }
}
