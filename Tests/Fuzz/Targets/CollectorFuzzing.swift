import CollectorKit
import Collectors
import Dispatch
import Exposition
import HTTPTransport
import Ledger
import Logging
import TestSupport

@testable import ConfigurationFile
@testable import ExporterCore

/// A vendor's collector, from the bytes of its answers to what is served.
///
/// The input is the answers in the order of the requests, with a NUL between them; the last one
/// answers all further requests. One that begins with `#` and a digit has a status outside 2xx: the
/// digit chooses which.
struct CollectorFuzzing: Sendable {
  /// One target, as it stands in a configuration.
  let configuration: String
  /// When the polls are: noon of a day of the documented samples, and the next midnight.
  let times: [Double]

  private static let statuses = [400, 401, 403, 404, 429, 500, 502, 503, 302, 304]
  /// More than any of the configurations asks for in a poll.
  private static let maxRequests = 200

  static let experia = CollectorFuzzing(
    configuration: """
      vendor: experia
      api_key: k-1
      periods: [daily, yearly]
      views: [{name: all}, {name: wa, channels: [wa-1]}]
      sla: {response: {threshold: 30s, objective: 0.9}}
      """,
    times: [1_768_478_400, 1_768_521_600]
  )

  static let samespace = CollectorFuzzing(
    configuration: """
      vendor: samespace
      api_key: k-1
      dashboards:
        - id: d1
          insights: {own: {objective: {at_most: 5}}, b: {metric: samespace_b_ratio, help: B., scale: 0.01}}
      """,
    times: [1_768_478_400, 1_768_521_600]
  )

  static let rocketChat = CollectorFuzzing(
    configuration: """
      vendor: rocketchat
      user_id: u
      auth_token: k-1
      departments: [{name: all}, {name: b, id: "64181a0728384134ed600dcc"}]
      sla: {response: {threshold: 2m}}
      """,
    times: [1_759_752_000, 1_759_795_200]
  )

  static let kore = CollectorFuzzing(
    configuration: """
      vendor: kore
      bot_id: st-1
      token: k-1
      channels: [rtm, "live person/1"]
      """,
    times: [1_596_774_600, 1_596_844_800]
  )

  @Sendable func run(_ bytes: [UInt8]) {
    let answers = bytes.split(separator: 0, omittingEmptySubsequences: false).map { piece in
      CollectorFuzzing.answer(Array(piece))
    }
    let finished = DispatchSemaphore(value: 0)
    Task.detached {
      await poll(answers)
      finished.signal()
    }
    finished.wait()
  }

  private static func answer(_ piece: [UInt8]) -> HTTPClientResponse {
    let json = [HTTPField("Content-Type", "application/json")]
    guard piece.count > 1, piece[0] == UInt8(ascii: "#") else {
      return HTTPClientResponse(status: 200, fields: json, body: piece)
    }
    return HTTPClientResponse(
      status: statuses[Int(piece[1]) % statuses.count],
      fields: json,
      body: Array(piece[2...])
    )
  }

  private func poll(_ answers: [HTTPClientResponse]) async {
    let target: ExporterConfiguration.Target
    do {
      let lines = configuration.split(separator: "\n").map { "    " + $0 }
      let text = "targets:\n  - name: t\n    url: http://t.test\n" + lines.joined(separator: "\n")
      target = try ExporterConfiguration(
        ConfigurationDocument(text: text, file: "config.yaml", environment: nil)
      ).targets[0]
    } catch {
      require(false, "the target's own configuration: \(error)")
      return
    }
    let http = ScriptedHTTPClient { _, index throws(TransportError) in
      require(index < CollectorFuzzing.maxRequests, "a poll has no end")
      return answers[min(index, answers.count - 1)]
    }
    let time = SimulatedTime(unixTime: times[0], participants: 0)
    let ledger = CounterLedger()
    for moment in times {
      time.step(unixTime: moment)
      let context = CollectionContext(
        client: VendorClient(http: http, gate: OpenGate(), time: time, settings: target.settings),
        time: time,
        log: LogRecorder().logger
      )
      do {
        let outcome = try await target.configured.collector.collect(in: context)
        check(outcome, target.configured.collector, ledger, at: moment)
      } catch let error as CollectionError {
        checkLine(error.message)
      } catch {
        require(false, "a poll threw \(error)")
      }
    }
  }

  /// What may be served and told of an outcome.
  private func check(
    _ outcome: PollOutcome,
    _ collector: any Collector,
    _ ledger: CounterLedger,
    at moment: Double
  ) {
    var groups = [collector.configuredFamilies]
    for (key, part) in outcome.parts {
      checkLine(key)
      switch part {
      case .success(let values):
        groups.append(values.families)
        values.skipped.forEach(checkLine)
        _ = ledger.record(values.observations, target: "t", at: moment)
      case .failure(let error): checkLine(error.message)
      case .skipped: break
      }
    }
    groups.append(ledger.families(target: "t"))
    var problems: [ExpositionProblem] = []
    let families = FamilyMerger.merge(groups, problems: &problems)
    require(problems.isEmpty, "series that contradict each other: \(problems)")
    let faults = ExpositionValidator().problems(in: families)
    require(faults.isEmpty, "what cannot be served: \(faults)")
    for format in [ExpositionFormat.text, .openMetrics] {
      var bytes: [UInt8] = []
      ExpositionEncoder(format: format).encode(families, into: &bytes)
      checkText(bytes)
    }
  }

  /// A message is one line.
  private func checkLine(_ text: String) {
    require(!text.utf8.contains { $0 < 0x20 || $0 == 0x7F }, "a message: \(text.debugDescription)")
  }

  /// Every line is a comment or a sample that ends with a number.
  private func checkText(_ bytes: [UInt8]) {
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    where !line.isEmpty && line.first != UInt8(ascii: "#") {
      let number = line.split(separator: UInt8(ascii: " ")).last ?? []
      let text = String(decoding: number, as: UTF8.self)
      require(
        Double(text) != nil || ["+Inf", "-Inf", "NaN"].contains(text),
        "a line without a value: \(String(decoding: line, as: UTF8.self).debugDescription)"
      )
    }
  }
}
