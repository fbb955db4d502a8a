import FoundationEssentials
import Testing

@testable import Collectors

/// A dashboard of any size costs a bounded number of requests and labels of a bounded length.
@Suite struct SamespaceBoundsTests {
  private func dashboard(_ insights: [String]) throws -> SamespaceDashboard {
    let json = #"{"id": "d", "insights": [\#(insights.joined(separator: ","))]}"#
    return try JSONDecoder().decode(SamespaceDashboard.self, from: Data(json.utf8))
  }

  private func stat(_ id: String, timeRange: String = "PAST_HOUR") -> String {
    #"{"id": "\#(id)", "timeRange": "\#(timeRange)", "template": {"type": "STAT"}}"#
  }

  @Test func polls500InsightsAndCountsTheRest() throws {
    let found = try dashboard((0..<750).map { stat("i\($0)") })
    #expect(found.statInsights.count == 500)
    #expect(found.statInsights.last?.id == "i499")
    #expect(found.surplus == 250)
  }

  @Test(arguments: [(128, 1, 0), (129, 0, 1)])
  func takesNoIdLongerThan128Bytes(length: Int, stats: Int, nameless: Int) throws {
    let found = try dashboard([stat(String(repeating: "a", count: length))])
    #expect(found.statInsights.count == stats)
    #expect(found.nameless == nameless)
  }

  /// An id stands in log lines, where nothing may break or hide what follows it.
  @Test(arguments: [#"a\nb"#, "a\u{7F}b", #"a\u0000"#, "a\u{202E}b", "a\u{2028}b"])
  func takesNoIdThatCannotBePrinted(id: String) throws {
    let found = try dashboard([stat(id), stat("Größe 1")])
    #expect(found.statInsights.map(\.id) == ["Größe 1"])
    #expect(found.nameless == 1)
  }

  @Test func leavesOutATimeRangeThatIsNone() throws {
    let found = try dashboard([stat("i", timeRange: String(repeating: "P", count: 65))])
    #expect(found.statInsights.map(\.timeRange) == [nil])
  }
}
