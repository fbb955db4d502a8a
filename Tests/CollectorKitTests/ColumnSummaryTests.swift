import ConfigurationFile
import HTTPTransport
import Testing

@testable import CollectorKit

/// What `explore` finds out about a table, and the mapping that it makes of it.
@Suite struct ColumnSummaryTests {
  private func table(_ json: String) throws -> RowTable {
    try RowTable.decode(
      from: HTTPClientResponse(status: 200, body: Array(json.utf8)),
      .at([]),
      endpoint: "rows"
    )
  }

  private static let sessions = """
    [{"session_key":"abc123xyz","client_id":10001,"username":"9665XXXXXXXX","type":"whatsapp",
    "created_date":"2026-01-15T10:30:00.000000Z","wait":"00 00:01:15","agent":"agent@example.com","n":"5"},
    {"Session_Key":"d","client_id":null,"type":"webchat","n":7,"wait":"00 00:00:05","tags":[1]}]
    """

  @Test func columns() throws {
    let columns = ColumnSummary.all(of: try table(Self.sessions))
    #expect(
      columns.map(\.name) == [
        "session_key", "client_id", "username", "type", "created_date", "wait", "agent", "n",
        "tags",
      ]
    )
    #expect(columns[0].kinds == [.text] && columns[0].present == 2 && columns[0].distinct == 2)
    #expect(columns[1].kinds == [.number, .null] && columns[1].present == 1)
    #expect(columns[3].examples == ["whatsapp", "webchat"])
    #expect(columns[4].kinds == [.date] && columns[5].kinds == [.duration])
    #expect(columns[7].kinds == [.number, .numericText] && columns[7].distinct == 2)
    #expect(columns[8].kinds == [.array] && columns[8].examples.isEmpty)
    #expect(columns.filter(\.isPersonal).map(\.name) == columns.prefix(3).map(\.name) + ["agent"])
  }

  @Test func nothingPersonalIsShown() throws {
    let columns = ColumnSummary.all(of: try table(Self.sessions))
    let shown = columns.flatMap(\.examples)
    for secret in ["abc123xyz", "10001", "9665", "agent@example.com"] {
      #expect(!shown.contains { $0.contains(secret) })
    }
    #expect(columns[0].examples == ["<text>"])
    #expect(columns[6].examples == ["<e-mail>"])
  }

  /// Whatever the columns are called, the suggestion is a mapping that the configuration accepts.
  @Test(arguments: [
    sessions, #"[{"metricType":"a"},{"metricType":"b"}]"#,
    #"[{"5e6f5fc04767c68072ee031d":"in","5e6f5fc04767c68072ee0320":31}]"#,
    #"[{"a \"b\" ${X}: {c}":"x","count":1,"target":"t","View":"v","view":"w"}]"#,
    #"[{"":"x","总数":3}]"#, #"[{"total":5}]"#, "[{}]", "[1,2]", #"{"a":{"b":5,"c":"x"}}"#,
    #"[{"wait":"00 00:01:15","type":"chat"}]"#, #"[{"metric.total":"5","le":"x","9":"y"}]"#,
  ])
  func suggestions(_ json: String) throws {
    let table = try table(json)
    for metric in ["experia_card_tags", "experia_Card Total", "experia_\(json.prefix(20))"] {
      let suggestion = MappingSuggestion(
        columns: ColumnSummary.all(of: table),
        metric: metric,
        what: "CARD of view \"all\" $x",
        isObject: table.isObject
      )
      let text = suggestion.lines.joined(separator: "\n")
      let document = try ConfigurationDocument(text: text, file: "c.yaml", environment: [:])
      let diagnostics = Diagnostics(file: "c.yaml")
      let mapping = RowMapping(
        document.root(diagnostics),
        prefix: "experia",
        reserved: ["view", "card", "period", "sla"]
      )
      #expect(diagnostics.issues.isEmpty, "\(diagnostics.issues)\n\(text)")
      #expect(mapping == suggestion.mapping, "\(text)")
      let values = RowMapper(suggestion.mapping).values(of: table)
      #expect(values.families.count <= 1)
    }
  }

  @Test func aSuggestionForSessions() throws {
    let suggestion = MappingSuggestion(
      columns: ColumnSummary.all(of: try table(Self.sessions)),
      metric: "experia_card_totalclosedsessions",
      what: "CARDTOTALCLOSEDSESSIONS",
      isObject: false
    )
    #expect(
      suggestion.lines == [
        "metric: experia_card_totalclosedsessions_n",
        #"help: "Sum of n in CARDTOTALCLOSEDSESSIONS.""#, #"labels: {type: "type"}"#,
        #"value: "n""#,
      ]
    )
  }
}
