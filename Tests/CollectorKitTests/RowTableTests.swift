import HTTPTransport
import Testing

@testable import CollectorKit

/// JSON in, rows out.
@Suite struct RowTableTests {
  private func table(_ json: String, _ place: RowTable.Place = .at([])) throws -> RowTable {
    try RowTable.decode(
      from: HTTPClientResponse(status: 200, body: Array(json.utf8)),
      place,
      endpoint: "POST /rows"
    )
  }

  private func rows(_ table: RowTable, _ names: [String]) -> [[RowValue]] {
    var rows: [[RowValue]] = []
    table.forEachRow(names) { rows.append($0) }
    return rows
  }

  @Test func values() throws {
    let table = try table(
      #"[{"a":1,"b":"x","c":null,"d":true,"e":[1],"f":false},{"b":"y","a":-2.5e1,"g":1e999}]"#
    )
    #expect(table.columns == ["a", "b", "c", "d", "e", "f", "g"])
    #expect(table.rowCount == 2 && !table.isObject)
    #expect(
      rows(table, ["a", "b", "c", "d", "e", "f", "g"]) == [
        [
          .number(1, text: "1"), .text("x"), .null, .boolean(true), .other, .boolean(false),
          .missing,
        ],
        [.number(-25, text: "-2.5e1"), .text("y"), .missing, .missing, .missing, .missing, .other],
      ]
    )
  }

  /// RFC 8259, section 6: what is a number, and what it is worth.
  @Test(arguments: [
    ("0", 0), ("-0", 0), ("15", 15), ("999999999999999", 999_999_999_999_999),
    ("1234567890123456789", 1_234_567_890_123_456_768), ("0.25", 0.25), ("-1.5E+2", -150),
    ("2e-3", 0.002),
  ])
  func numbers(_ text: String, _ value: Double) throws {
    #expect(rows(try table("[{\"a\":\(text)}]"), ["a"]) == [[.number(value, text: text)]])
  }

  /// RFC 8259, section 7.
  @Test(arguments: [
    (#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{c}\n\r\t"), (#"\u00e9\u0041"#, "éA"),
    (#"\ud83d\ude00!"#, "😀!"), (#"\ud83d"#, "\u{FFFD}"), (#"\ude00x"#, "\u{FFFD}x"),
    (#"\ud83dA"#, "\u{FFFD}A"), (#"\ud83d\u0041"#, "\u{FFFD}A"), ("ключ ٣", "ключ ٣"), ("", ""),
  ])
  func strings(_ json: String, _ text: String) throws {
    #expect(rows(try table("[{\"a\":\"\(json)\",\"\(json)b\":1}]"), ["a"]) == [[.text(text)]])
    #expect(try table("[{\"a\":\"\(json)\",\"\(json)b\":1}]").columns == ["a", "\(text)b"])
  }

  @Test func nestedObjectsAreColumnsWithAPath() throws {
    let table = try table(
      #"[{"id":1,"client":{"name":"A","at":{"x":2}}},{"client":{"name":"B"}},{"client.name":"C"}]"#
    )
    #expect(table.columns == ["id", "client.name", "client.at.x"])
    #expect(
      rows(table, ["client.name", "CLIENT.AT.X"]) == [
        [.text("A"), .number(2, text: "2")], [.text("B"), .missing], [.text("C"), .missing],
      ]
    )
  }

  /// Vendors write `metricType` and `metrictype`; an exact name is right where both are there.
  @Test func columnsMatchWhateverTheirCase() throws {
    let table = try table(
      #"[{"metricType":1},{"METRICTYPE":2},{"metrictype":3,"metricType":4},{"metricType":5,"metrictype":6}]"#
    )
    #expect(
      rows(table, ["metricType"]) == [
        [.number(1, text: "1")], [.number(2, text: "2")], [.number(4, text: "4")],
        [.number(5, text: "5")],
      ]
    )
    #expect(
      rows(table, ["MetricType"]) == [
        [.number(1, text: "1")], [.number(2, text: "2")], [.number(4, text: "4")],
        [.number(6, text: "6")],
      ]
    )
  }

  @Test func aNameThatIsThereTwiceCountsWithItsLastValue() throws {
    #expect(rows(try table(#"[{"a":1,"a":2}]"#), ["a"]) == [[.number(2, text: "2")]])
  }

  @Test func elementsThatAreNoObjects() throws {
    let table = try table(#"[1,"x",null,[2],{"a":3}]"#)
    #expect(table.rowCount == 5)
    #expect(
      rows(table, ["value", "a"]) == [
        [.number(1, text: "1"), .missing], [.text("x"), .missing], [.null, .missing],
        [.other, .missing],
        [.missing, .number(3, text: "3")],
      ]
    )
  }

  @Test func anObjectIsTheOnlyRow() throws {
    let table = try table(
      #"{"cardContent":{"total":5,"name":"x","by":{"chat":"3","mail":2.5},"open":true}}"#,
      .at(["cardContent"])
    )
    #expect(table.isObject && table.rowCount == 1)
    #expect(table.leaves.map(\.path) == ["total", "name", "by.chat", "by.mail", "open"])
    #expect(table.leaves.map(\.value.number) == [5, nil, 3, 2.5, nil])
    #expect(try self.table("[{\"a\":1}]").leaves.isEmpty)
  }

  /// `null` is what a Go server writes for an empty list, `{}` what others do.
  @Test(arguments: ["null", "{}", "[]"])
  func nothingIsATableWithoutRows(_ nothing: String) throws {
    func expectNone(_ json: String, _ place: RowTable.Place) throws {
      let table = try table(json, place)
      #expect(table.isFound && table.rowCount == 0 && !table.isObject && table.columns.isEmpty)
    }
    try expectNone("{\"cardContent\":\(nothing)}", .at(["cardContent"]))
    try expectNone("{\"q\":{\"q\":\(nothing)}}", .at(["q", "q"]))
    try expectNone("{\"data\":{\"report\":\(nothing)}}", .below(["data", "report"]))
    try expectNone("{\"data\":{\"report\":{\"data\":\(nothing)}}}", .below(["data", "report"]))
    if nothing != "[]" { try expectNone("{\"q\":\(nothing)}", .at(["q", "q"])) }
  }

  @Test(arguments: [
    ("\"none\"", "\"none\""), ("\"\"", "\"\""), ("false", "false"), ("true", "true"),
    ("5", "the number 5"), ("1.50", "the number 1.50"), ("\"jane@example.com\"", "\"<e-mail>\""),
  ])
  func aScalarIsNoTable(_ scalar: String, _ shown: String) throws {
    for (json, place, name) in [
      ("{\"cardContent\":\(scalar)}", RowTable.Place.at(["cardContent"]), "cardContent"),
      ("{\"q\":{\"q\":\(scalar)}}", .at(["q", "q"]), "q.q"),
      ("{\"data\":{\"report\":\(scalar)}}", .below(["data", "report"]), "data.report"),
      (
        "{\"data\":{\"report\":{\"data\":\(scalar),\"columns\":[{\"a\":1}]}}}",
        .below(["data", "report"]), "data.report"
      ),
    ] {
      let error = #expect(throws: CollectionError.self) { try table(json, place) }
      #expect(error?.reason == .decode)
      #expect(error?.message == "\"\(name)\" is \(shown), not a list of rows")
    }
  }

  /// An empty list on the way to the rows is no rows, as null is.
  @Test func anEmptyListOnTheWay() throws {
    for json in [#"{"q":[]}"#, #"{"q":{"q":[]}}"#] {
      let table = try table(json, .at(["q", "q", "rows"]))
      #expect(table.isFound && table.rowCount == 0)
    }
    #expect(throws: CollectionError.self) { try self.table(#"{"q":[1]}"#, .at(["q", "q"])) }
  }

  /// Rows are in the documented member or nowhere: the columns beside it are not rows.
  @Test func theRowsAreNotBesideData() throws {
    let table = try table(
      #"{"r":{"data":{"total":5},"columns":[{"id":"a"},{"id":"b"}]}}"#,
      .below(["r"])
    )
    #expect(table.rowCount == 1)
    #expect(rows(table, ["data.total"]) == [[.number(5, text: "5")]])
  }

  /// Past the thousandth nested object values are left out and counted, not taken for the row's own.
  @Test func moreNestedObjectsThanThereIsRoomFor() throws {
    let agents = (0..<1100).map { "\"a\($0)\":{\"total\":7}" }.joined(separator: ",")
    let table = try table("[{\"total\":5,\"agents\":{\(agents)}}]")
    #expect(rows(table, ["total"]) == [[.number(5, text: "5")]])
    #expect(table.valuesLeftOut > 0)
  }

  /// What a label shows is what the vendor wrote, to the digit.
  @Test(arguments: [
    ("1", "1"), ("1.0", "1.0"), ("1.10", "1.10"), ("1e3", "1e3"), ("-0", "-0"),
    ("12345678901234567890", "12345678901234567890"), ("\"007\"", "007"), ("\" a \"", " a "),
    ("true", "true"),
  ])
  func labels(_ json: String, _ label: String) throws {
    #expect(rows(try table("[{\"a\":\(json)}]"), ["a"])[0][0].labelText == label)
    let joined = RowTable(joining: [try table("[{\"b\":7}]"), try table("[{\"a\":\(json)}]")])
    #expect(rows(joined, ["a"])[1][0].labelText == label)
    #expect(try table("{\"s\":\(json),\"rows\":[]}", .at(["rows"])).scalars == ["s": label])
  }

  @Test func digestsTellRowsApart() throws {
    let one = try table(#"[{"a":"x","n":1},{"a":"y","n":"2"}]"#)
    let later = try table(#"[{"a":"x","n":3},{"a":"y","n":"4"}]"#)
    let other = try table(#"[{"a":"x","n":1},{"a":"z","n":"2"}]"#)
    #expect(one.digests(hasNumbers: true) != later.digests(hasNumbers: true))
    #expect(one.digests(hasNumbers: false) == later.digests(hasNumbers: false))
    #expect(one.digests(hasNumbers: false) != other.digests(hasNumbers: false))
  }

  @Test func theRestOfTheAnswerIsKnown() throws {
    let table = try table(
      #"{"status":"SUCCESS","n":5,"ok":true,"rows":[{"a":1}],"errors":[],"none":null}"#,
      .at(["rows"])
    )
    #expect(table.members == ["status", "n", "ok", "rows", "errors", "none"])
    #expect(table.scalars == ["status": "SUCCESS", "n": "5", "ok": "true"])
  }

  /// Kore.ai's rows are nested twice below the same name.
  @Test func aPathOfTheSameNameTwice() throws {
    let table = try table(
      #"{"name":"w","queryResponse":{"metaData":{"a":"string"},"queryResponse":[{"a":"b"}]}}"#,
      .at(["queryResponse", "queryResponse"])
    )
    #expect(rows(table, ["a"]) == [[.text("b")]])
  }

  /// Samespace documents no shape but STAT: the rows are wherever objects are listed.
  @Test(arguments: [
    (#"{"data":{"x":{"data":[{"a":1}]}}}"#, 1), (#"{"data":{"x":[{"a":1},{"a":2}]}}"#, 2),
    (#"{"data":{"x":{"columns":["a"],"rows":[{"a":1,"tags":[{"b":1},{"b":2}]}]}}}"#, 1),
    (#"{"data":{"x":{"empty":[],"deep":{"rows":[{"a":1},{"a":2},{"a":3}]}}}}"#, 3),
    (#"{"data":{"x":{"data":[]}}}"#, 0), (#"{"data":{"x":{"a":1}}}"#, 1),
    (#"{"data":{"x":null}}"#, 0),
  ])
  func rowsAreFound(_ json: String, _ count: Int) throws {
    #expect(try table(json, .below(["data", "x"])).rowCount == count)
  }

  @Test(arguments: [
    "", "[", "[{]", "[{\"a\"}]", "[{\"a\":1,}]", "[1,]", "[{\"a\":01}]", "[{\"a\":1.}]",
    "[{\"a\":+1}]",
    "[{\"a\":tru}]", "[{\"a\":\"x}]", "[{\"a\":\"\\q\"}]", "[{\"a\":\"\\u12\"}]", "[] []",
    "{\"a\":1}}",
    "[{'a':1}]", "[{\"a\":NaN}]", "[{\"a\":\"\u{1}\"}]", "<html></html>", "[{\"a\":\"\\u12",
    "[{\"a\":\"\\", "[-]", "[1e]",
  ])
  func whatIsNoJSON(_ json: String) throws {
    for place in [RowTable.Place.at([]), .below([]), .at(["rows"])] {
      let error = #expect(throws: CollectionError.self) { try table(json, place) }
      #expect(error?.reason == .decode)
      #expect(error?.endpoint == "POST /rows")
    }
  }

  @Test(arguments: ["[", "{\"a\":"])
  func whatNestsWithoutEndIsNoneEither(_ opening: String) throws {
    try whatIsNoJSON(String(repeating: opening, count: 100_000))
  }

  @Test(arguments: ["{}", "{\"rows\":5}", "{\"rows\":[1]}", "[]", "5", "{\"Rows\":{\"list\":[]}}"])
  func aMissingPathIsNamed(_ json: String) {
    let error = #expect(throws: CollectionError.self) { try table(json, .at(["rows", "list"])) }
    #expect(error?.message == "the answer has no \"rows.list\"")
  }

  /// The rows may be right and what follows be cut off.
  @Test func theWholeAnswerIsChecked() {
    #expect(throws: CollectionError.self) { try table(#"{"rows":[{"a":1}],"x":"#, .at(["rows"])) }
  }

  @Test func columnsBehindTheFirstThousandAreLeftOut() throws {
    let members = (0..<1500).map { "\"c\($0)\":\($0)" }.joined(separator: ",")
    let table = try table("[{\(members)}]")
    #expect(table.columns.count == 1000 && table.valuesLeftOut == 500)
    #expect(rows(table, ["c999", "c1000"]) == [[.number(999, text: "999"), .missing]])
  }
}
