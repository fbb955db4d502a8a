import CollectorKit
import Exposition
import HTTPTransport
import Ledger
import Logging
import TestSupport
import Testing

/// Every place at which the Experia collector drops a value, and what it says of it: the table
/// "What is left out" of the README, a case or more for each of its rows.
@Suite struct ExperiaSilenceTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Changes to the summary, by field, as JSON; an empty text removes the field.
    var fields: [String: String] = [:]
    /// The card and its `cardContent`.
    var card: (name: String, content: String)?
    /// The members around the content.
    var envelope = ""
    var options = ""
    var skipped: [String] = []
    var rowsSkipped = 0
    var folded = 0
    var notes: [String] = []
    var failure: String?
    /// A family and how many samples or observations it has.
    var shown: (family: String, count: Int)?
  }

  /// The vendor's sample (vendor page, "Response").
  private static let sample: [String: String] = [
    "totalSessions": "458", "averageWaitingTime": #""00 00:00:20""#,
    "averageResponseTime": #""00 00:17:25""#, "averageServiceTime": #""00 15:49:32""#,
    "minServiceTime": #""00 00:00:05""#, "maxServiceTime": #""00 16:29:47""#, "CSAT": "62.5",
    "FCR": "0", "NPS": "0", "agentTotalTimeOnline": #""00 00:00:00""#, "totalMsg": "1250",
    "totalTags": "45", "totalTransferred": "12", "peakTime": #""10:00""#, "weakTime": #""03:00""#,
    "totalClosedSessions": "420", "totalTemplateUsage": "85", "totalPredefinedMessages": "320",
    "totalClient": "380", "totalTagsPercent": "10.7",
    "sla": #"{"response":85.5,"waiting":92.3,"service":78.2}"#, "status": #""SUCCESS""#,
  ]

  private static func session(_ changes: [String: String] = [:], without: String = "") -> String {
    var row = [
      "created_date": #""2026-01-15T06:30:00.000000Z""#,
      "taken_date": #""2026-01-15T06:31:15.000000Z""#,
      "ended_date": #""2026-01-15T06:45:30.000000Z""#, "type": #""whatsapp""#,
    ]
    row.merge(changes) { $1 }
    row[without] = nil
    return "{"
      + row.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",")
      + "}"
  }

  private static let absent = ""
  private static let closed = "CARDTOTALCLOSEDSESSIONS"
  private static let untaken = "experia_untaken_sessions_total"
  private static let waits = "experia_closed_session_waiting_seconds_sum"
  private static let sent = "although a threshold was sent"

  static let summaries = [
    Case(testDescription: "the documented sample", shown: ("experia_sla_compliance_ratio", 3)),
    Case(
      testDescription: "null, empty and a dash: no value",
      fields: ["CSAT": "null", "averageWaitingTime": #""""#, "NPS": #""-""#],
      shown: ("experia_csat_ratio", 0)
    ),
    Case(
      testDescription: "fields that are not there",
      fields: ["FCR": absent, "totalTags": absent],
      notes: ["view all, period daily: the answer has no totalTags, FCR: their series are absent"],
      shown: ("experia_tags_total", 0)
    ),
    Case(
      testDescription: "forms that cannot be read",
      fields: [
        "totalMsg": #""1,250""#, "CSAT": "true", "averageWaitingTime": "20", "peakTime": "[]",
      ],
      skipped: [
        #"totalMsg is "1,250", not a number"#, "averageWaitingTime is 20, not a time",
        "CSAT is true, not a percentage", "peakTime is an object or array, not a time",
      ],
      shown: ("experia_messages_total", 0)
    ),
    Case(
      testDescription: "values that cannot be right",
      fields: [
        "totalSessions": "-1", "FCR": "100.5", "NPS": "-101", "totalTagsPercent": "-0.1",
        "sla": #"{"response":100.1,"waiting":-1,"service":"101%"}"#,
      ],
      skipped: [
        "totalSessions is -1, not 0 or more", "FCR is 100.5, not 0 to 100",
        "NPS is -101, not -100 to 100", "totalTagsPercent is -0.1, not 0 or more",
        "sla.response is 100.1, not 0 to 100", "sla.waiting is -1, not 0 to 100",
        #"sla.service is "101%", not 0 to 100"#,
      ],
      shown: ("experia_sla_compliance_ratio", 0)
    ),
    Case(
      testDescription: "no sla",
      fields: ["sla": absent],
      skipped: ["response", "service"].map {
        "sla.\($0) is missing \(sent): sla is not in the answer"
      },
      notes: [
        "view all, period daily: sla.waiting is missing \(sent): sla is not in the answer"
      ],
      shown: ("experia_sla_compliance_ratio", 0)
    ),
    Case(
      testDescription: "sla null",
      fields: ["sla": "null"],
      skipped: ["response", "service"].map { "sla.\($0) is missing \(sent): sla is null" },
      notes: ["view all, period daily: sla.waiting is missing \(sent): sla is null"],
      shown: ("experia_sla_compliance_ratio", 0)
    ),
    Case(
      testDescription: "sla empty",
      fields: ["sla": "{}"],
      skipped: ["response", "service"].map { "sla.\($0) is missing \(sent)" },
      notes: ["view all, period daily: sla.waiting is missing \(sent)"],
      shown: ("experia_sla_compliance_ratio", 0)
    ),
    Case(
      testDescription: "sla a text",
      fields: ["sla": #""n/a""#],
      skipped: ["response", "service"].map { "sla.\($0) is missing \(sent): sla is \"n/a\"" },
      notes: ["view all, period daily: sla.waiting is missing \(sent): sla is \"n/a\""],
      shown: ("experia_sla_compliance_ratio", 0)
    ),
    Case(
      testDescription: "a level missing and one null",
      fields: ["sla": #"{"response":null,"waiting":92.3}"#],
      skipped: ["sla.response is null \(sent)", "sla.service is missing \(sent)"],
      shown: ("experia_sla_compliance_ratio", 1)
    ),
    Case(
      testDescription: "no session yet, and so no share",
      fields: ["totalSessions": "0", "sla": #"{"response":null}"#],
      notes: ["view all, period daily: sla.waiting is missing \(sent)"],
      shown: ("experia_sla_compliance_ratio", 0)
    ),
    Case(
      testDescription: "no figure at all",
      fields: sample.keys.reduce(into: [:]) {
        $0[$1] = $1 == "status" ? #""SUCCESS""# : absent
      },
      failure: "the answer has none of the documented figures in a form that can be read"
    ),
    Case(
      testDescription: "every figure unreadable",
      fields: sample.keys.reduce(into: [:]) { $0[$1] = $1 == "status" ? #""SUCCESS""# : "[1]" },
      failure: "the answer has none of the documented figures in a form that can be read"
    ),
    Case(
      testDescription: "no status",
      fields: ["status": absent],
      failure: #"the answer has no "status""#
    ),
  ]

  static let cards = [
    Case(
      testDescription: "null is an empty list",
      card: ("CARDTAGS", "null"),
      shown: ("experia_card_rows", 1)
    ),
    Case(
      testDescription: "an empty object has no rows",
      card: ("CARDTAGS", "{}"),
      options: "mapping: {metric: experia_x, help: X., labels: {tag: tag}}",
      shown: ("experia_x", 0)
    ),
    Case(
      testDescription: "a number",
      card: ("CARDNPS", "62.5"),
      failure: #""cardContent" is the number 62.5, not a list of rows"#
    ),
    Case(
      testDescription: "a text",
      card: ("CARDNPS", #""9665123456789""#),
      failure: #""cardContent" is "<phone>", not a list of rows"#
    ),
    Case(
      testDescription: "false",
      card: ("CARDNPS", "false"),
      failure: #""cardContent" is false, not a list of rows"#
    ),
    Case(
      testDescription: "an answer of another card",
      card: ("CARDNPS", "[]"),
      envelope: #""cardName":"CARDCSAT","#,
      failure: #"the answer is of the card "CARDCSAT""#
    ),
    Case(
      testDescription: "the card's name in other letters",
      card: ("CARDNPS", "[]"),
      envelope: #""cardName":"cardNPS","#,
      shown: ("experia_card_rows", 1)
    ),
    Case(
      testDescription: "an object's values: the summary's forms, names, dates and nothing",
      card: (
        "CARDCSAT",
        """
        {"score":"62.5%","asked":3,"average":"00 00:00:20.5","peak":"10:00","name":"Support",
        "open":true,"none":null,"day":"2026-01-15","at":"2026-01-15T06:30:00Z"}
        """
      ),
      shown: ("experia_card_value", 4)
    ),
    Case(
      testDescription: "an object's values that cannot be read or right",
      card: ("CARDCSAT", #"{"asked":"1,250","of":"1 250","sla":{"response":101},"good":1}"#),
      skipped: [#"CARDCSAT: asked is "1,250", not a number"#],
      rowsSkipped: 2,
      shown: ("experia_card_value", 1)
    ),
    Case(
      testDescription: "a number whose name is personal, and a name that is there twice",
      card: ("CARDCSAT", #"{"client_id":7,"good":1,"good":2}"#),
      skipped: ["CARDCSAT: good is there twice"],
      notes: [
        "view all, card CARDCSAT: a number whose name looks like an identifier is not shown"
      ],
      shown: ("experia_card_value", 1)
    ),
    Case(
      testDescription: "a list within an object",
      card: ("CARDCSAT", #"{"total":1,"by":{"agent":[1,2]}}"#),
      notes: [
        "view all, card CARDCSAT: by.agent is a list or too large a number; to read a list's rows, "
          + "set rows to its path"
      ],
      shown: ("experia_card_value", 1)
    ),
    Case(
      testDescription: "sessions that no agent took",
      card: (
        closed,
        "["
          + [
            session(), session(["taken_date": "null"]), session(["taken_date": #""""#]),
            session(without: "taken_date"), session(["taken_date": #""0001-01-01T00:00:00Z""#]),
            session(["taken_date": "null", "type": #""webchat""#]),
            session(["taken_date": "null", "ended_date": "null"]),
          ].joined(separator: ",") + "]"
      ),
      shown: (untaken, 2)
    ),
    Case(
      testDescription: "no session has the column taken_date",
      card: (closed, "[\(session(without: "taken_date"))]"),
      failure:
        "none of the 1 sessions can be counted: session 1 has no created_date, taken_date and "
        + "ended_date in this order"
    ),
    Case(
      testDescription: "closed sessions without an end or a beginning, or backwards",
      card: (
        closed,
        "["
          + [
            session(), session(["ended_date": "null"]), session(["created_date": "null"]),
            session(["taken_date": #""2026-01-15T06:29:59Z""#]),
            session(["taken_date": #""soon""#]),
          ].joined(separator: ",") + "]"
      ),
      skipped: ["session 2 has no created_date, taken_date and ended_date in this order"],
      rowsSkipped: 3,
      shown: (waits, 1)
    ),
    Case(
      testDescription: "sessions that never end",
      card: (
        closed,
        "["
          + ([session()]
          + Array(
            repeating: session(["ended_date": #""9999-12-31T23:59:59Z""#]),
            count: 100
          )).joined(separator: ",") + "]"
      ),
      skipped: ["session 2 has no created_date, taken_date and ended_date in this order"],
      rowsSkipped: 99,
      shown: (waits, 1)
    ),
    Case(
      testDescription: "channels that must not be labels",
      card: (
        closed,
        "[\(session(["type": #""a@example.com""#])),\(session(["type": #""b@example.com""#]))]"
      ),
      folded: 2,
      shown: (waits, 1)
    ),
    Case(
      testDescription: "closed sessions that are no list",
      card: (closed, #"{"total":5}"#),
      skipped: [
        "\(closed): the histograms need a list of sessions, and the content is an object; set rows to "
          + "the path of the list"
      ],
      shown: ("experia_card_value", 1)
    ),
    Case(
      testDescription: "more columns than a table has",
      card: (
        "CARDTAGS", "[{" + (0..<1003).map { "\"c\($0)\":1" }.joined(separator: ",") + "}]"
      ),
      skipped: ["CARDTAGS: values in columns after the first thousand were left out"],
      rowsSkipped: 2,
      shown: ("experia_card_rows", 1)
    ),
  ]

  @Test(arguments: summaries)
  func summary(_ item: Case) async throws {
    try await check(item, part: "all/daily")
  }

  @Test(arguments: cards)
  func card(_ item: Case) async throws {
    let card = try #require(item.card).name
    try await check(item, part: "card/\(card)/all")
  }

  private func check(_ item: Case, part: String) async throws {
    let members = ExperiaSilenceTests.sample.merging(item.fields) { $1 }.filter {
      !$0.value.isEmpty
    }
    let body = "{" + members.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
    let content = item.card.map {
      #"{"status":"SUCCESS",\#(item.envelope)"cardContent":\#($0.content)}"#
    }
    var keys = [
      "<api_key>",
      "sla: {response: {threshold: 30s}, waiting: {threshold: 0s}, service: {threshold: 1m}}",
    ]
    if let card = item.card?.name {
      keys.append("cards: [{card: \(card), interval: 1s, \(item.options)}]")
    }
    let target = try ConformanceTarget(
      ConformanceVendor(
        name: "experia",
        keys: keys,
        secrets: [("api_key", "experia-s3cr3t-Qk7")],
        errorEnvelope: "{}",
        good: { $0.url.hasSuffix("/dashboard") ? body : content ?? "" }
      )
    )
    let time = SimulatedTime(unixTime: ConformanceVendor.moment, participants: 0)
    let context = CollectionContext(
      client: VendorClient(
        http: target.client(),
        gate: OpenGate(),
        time: time,
        settings: target.settings
      ),
      time: time,
      log: LogRecorder().logger
    )
    let outcome = try await target.collector.collect(in: context)
    switch try #require(outcome.parts.first { $0.key == part }).outcome {
    case .success(let values):
      #expect(item.failure == nil)
      #expect(values.skipped == item.skipped)
      #expect(values.rowsSkipped == item.rowsSkipped)
      #expect(values.seriesFolded == item.folded)
      #expect(values.notes == item.notes)
      if let shown = item.shown {
        let samples = values.families.filter { $0.name == shown.family }.flatMap(\.samples)
        let observations = values.observations.filter { $0.family.name == shown.family }
        #expect(samples.count + observations.count == shown.count)
      }
    case .failure(let error):
      #expect(error.reason == .decode)
      #expect(error.message == item.failure)
    case .skipped: Issue.record("the part was not asked for")
    }
  }
}
