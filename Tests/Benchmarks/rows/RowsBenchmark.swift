import CollectorKit
import Exposition
import FoundationEssentials
import Glibc
import HTTPTransport

/// Maps a table of 10,000 rows and says what it costs: `swift run -c release RowsBenchmark`.
///
/// Exits with 1 where a table takes 50 ms or 20 MB.
@main
struct RowsBenchmark {
  private static let rows = 10_000
  private static let rounds = 20
  private static let mostMilliseconds = 50.0
  private static let mostMegabytes = 20.0

  static func main() throws {
    let json = table()
    print("\(rows) rows in \(megabytes(json.count)) MB of JSON, the best and worst of \(rounds):")
    var isGood = true
    for (name, mapping) in mappings {
      let before = try freshMemory()
      var durations: [Duration] = []
      var series = 0
      for _ in 0..<rounds {
        let response = HTTPClientResponse(status: 200, body: json)
        let mapper = RowMapper(mapping)
        durations.append(
          try ContinuousClock().measure {
            let table = try RowTable.decode(from: response, .at(["cardContent"]), endpoint: name)
            series = mapper.values(of: table).families.reduce(0) { $0 + $1.seriesCount }
          }
        )
      }
      let times = durations.map(milliseconds).sorted()
      let memory = Double(try memory("VmHWM") - before) / 1e6
      print(
        "\(name): \(tenths(times[0])) to \(tenths(times[times.count - 1])) ms, "
          + "\(tenths(memory)) MB more at the peak, \(series) series"
      )
      isGood = isGood && times[0] < mostMilliseconds && memory < mostMegabytes
    }
    guard isGood else {
      print("more than \(mostMilliseconds) ms or \(mostMegabytes) MB")
      exit(1)
    }
  }

  /// Few series, a thousand and more, and values that are texts.
  private static let mappings: [(String, RowMapping)] = [
    (
      "count by two labels",
      RowMapping(
        metric: "experia_a",
        help: "A.",
        labels: [column("type"), column("status")]
      )
    ),
    (
      "sum by ten thousand",
      RowMapping(
        metric: "experia_b",
        help: "B.",
        labels: [column("session_key"), column("type")],
        value: "messages",
        allowsIdentifiers: true
      )
    ),
    (
      "latest of dates",
      RowMapping(
        metric: "experia_c_timestamp_seconds",
        help: "C.",
        labels: [column("type")],
        value: "ended_date",
        format: .timestamp
      )
    ),
  ]

  private static func column(_ name: String) -> RowMapping.LabelColumn {
    RowMapping.LabelColumn(label: name, column: name)
  }

  /// Sessions as on the vendor's page, with duplicates, nulls, mixed types, odd case and Unicode.
  private static func table() -> [UInt8] {
    let types = [#""whatsapp""#, #""webchat""#, "null", #""чат""#, "7", #""a \"b\"\n""#]
    let messages = ["12", #""3""#, "null", #""none""#, "2.5"]
    // Row by row into one buffer: freed memory that a table could use again would flatter the result.
    var json: [UInt8] = []
    json.reserveCapacity(rows * 400)
    json += #"{"status":"SUCCESS","cardContent":["#.utf8
    for row in 0..<rows {
      if row > 0 { json += ",".utf8 }
      json +=
        """
        {"session_key":"key \(row)","client_id":\(10_001 + row % 500),"username":"9665XXXXXXXX",\
        "created_date":"2026-01-15T10:30:00.000000Z","taken_date":"2026-01-15T10:31:15.000000Z",\
        "ended_date":"2026-01-15T10:45:\(10 + row % 50).000000Z","status":"CLOSED",\
        "\(row % 7 == 0 ? "TYPE" : "type")":\(types[row % 6]),"messages":\(messages[row % 5]),\
        "agent_email":"agent\(row % 40)@example.com"}
        """.utf8
    }
    json += "]}".utf8
    return json
  }

  /// The memory in use, from which the peak is counted anew (proc(5), clear_refs).
  private static func freshMemory() throws -> Int {
    try "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
    return try memory("VmRSS")
  }

  /// Bytes of a line of proc_pid_status(5).
  private static func memory(_ field: String) throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix(field + ":") }
    let words = line?.split { $0 == " " || $0 == "\t" } ?? []
    return words.count > 1 ? (Int(words[1]) ?? 0) * 1024 : 0
  }

  private static func milliseconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) * 1e3 + Double(duration.components.attoseconds) / 1e15
  }

  private static func tenths(_ number: Double) -> Double { (number * 10).rounded() / 10 }

  private static func megabytes(_ bytes: Int) -> Double { tenths(Double(bytes) / 1e6) }
}
