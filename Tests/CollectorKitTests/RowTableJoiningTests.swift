import Exposition
import Testing

@testable import CollectorKit

/// Several pages as one table.
@Suite struct RowTableJoiningTests {
  private func table(_ json: String) throws -> RowTable {
    try RowTable(Array(json.utf8), .at([]), endpoint: "e")
  }

  private func rows(_ table: RowTable, _ names: [String]) -> [[RowValue]] {
    var rows: [[RowValue]] = []
    table.forEachRow(names) { rows.append($0) }
    return rows
  }

  @Test func rowsFollowOneAnother() throws {
    let joined = RowTable(joining: [
      try table(#"[{"a":1,"b":"x"},{"b":"ü \"q\" \ud83d\ude00"}]"#),
      try table("[]"),
      try table(#"[{"b":"z","c":{"d":true}},{"a":null}]"#),
    ])
    #expect(joined.rowCount == 4)
    #expect(joined.columns == ["a", "b", "c.d"])
    #expect(
      rows(joined, ["a", "b", "c.d"]) == [
        [.number(1, text: "1"), .text("x"), .missing], [.missing, .text("ü \"q\" 😀"), .missing],
        [.missing, .text("z"), .boolean(true)], [.null, .missing, .missing],
      ]
    )
  }

  @Test func oneTableStaysWhatItIs() throws {
    let one = try table(#"{"a":{"b":2}}"#)
    let joined = RowTable(joining: [one])
    #expect(joined.isObject)
    #expect(joined.leaves.map(\.path) == ["a.b"])
    #expect(RowTable(joining: []).rowCount == 0)
  }

  /// Pages whose columns differ in case alone are grouped as one table's rows are.
  @Test func groupsReachAcrossPages() throws {
    let joined = RowTable(joining: [
      try table(#"[{"metricType":"a"},{"metricType":"b"}]"#),
      try table(#"[{"METRICTYPE":"a"}]"#),
    ])
    let mapper = RowMapper(
      RowMapping(
        metric: "kore_x",
        help: "X.",
        labels: [RowMapping.LabelColumn(label: "type", column: "metrictype")]
      )
    )
    let samples = mapper.values(of: joined).families.flatMap(\.samples)
    #expect(samples.map(\.value) == [2, 1])
    #expect(samples.map { $0.labels["type"] } == ["a", "b"])
  }

  @Test func columnsPastTheBoundAreCounted() throws {
    func page(_ first: Int) throws -> RowTable {
      let members = (first..<(first + 600)).map { "\"c\($0)\":\($0)" }.joined(separator: ",")
      return try table("[{\(members)}]")
    }
    let joined = RowTable(joining: [try page(0), try page(600)])
    #expect(joined.columns.count == 1000)
    #expect(joined.valuesLeftOut == 200)
    #expect(rows(joined, ["c999", "c1000"])[1] == [.number(999, text: "999"), .missing])
  }
}
