import CollectorKit
import Exposition
import HTTPListener
import Logging
import Scheduling
import Synchronization

/// Answers `/metrics` from what the polls left; never waits for a vendor, a poll or the disk.
final class MetricsEndpoint: Sendable {
  /// The encoded families of all targets, good for one generation and until one turns stale.
  private struct Encoded: Sendable {
    let generation: UInt64
    let validUntil: Double
    let bytes: [UInt8]
  }

  private let agent: Agent
  private let families: AgentFamilies
  private let writesCreated: Bool
  private let limit: ScrapeLimit
  private let cache = Mutex<[ExpositionFormat: Encoded]>([:])
  private let reported = Mutex<Set<ExpositionProblem>>([])

  init(agent: Agent, families: AgentFamilies, writesCreated: Bool, maxRequests: Int = 40) {
    limit = ScrapeLimit(maxRequests)
    self.agent = agent
    self.families = families
    self.writesCreated = writesCreated
  }

  /// The answer to a scrape.
  func answer(_ request: HTTPRequest) -> HTTPResponse {
    guard let ticket = limit.enter() else {
      return .text(503, "503: too many scrapes at the same time (--web.max-requests)")
    }
    let wanted = request.queryValues("target")
    if let unknown = wanted.first(where: { !agent.targetNames.contains($0) }) {
      return noTarget(unknown)
    }
    let selection = wanted.isEmpty ? nil : Set(wanted)
    return exposition(for: request, selection, ticket: ticket) {
      families.current(targets: selection)
    }
  }

  /// The answer to `/probe?target=NAME`: one target's families, and the agent's own about it.
  func probe(_ request: HTTPRequest) -> HTTPResponse {
    guard let ticket = limit.enter() else {
      return .text(503, "503: too many scrapes at the same time (--web.max-requests)")
    }
    let wanted = request.queryValues("target")
    guard let name = wanted.first, wanted.count == 1 else {
      return .text(
        400,
        "400: give one target, as in /probe?target=\(agent.targetNames.min() ?? "")"
      )
    }
    guard agent.targetNames.contains(name) else { return noTarget(name) }
    return exposition(for: request, [name], ticket: ticket) { families.about(targets: [name]) }
  }

  private func noTarget(_ name: String) -> HTTPResponse {
    let names = agent.targetNames.sorted().joined(separator: ", ")
    let shown = ErrorEnvelope.printable(String(name.prefix(100)))
    return .text(404, "404: there is no target \"\(shown)\"; there are \(names)")
  }

  private func exposition(
    for request: HTTPRequest,
    _ selection: Set<String>?,
    ticket: ScrapeLimit.Ticket,
    own: () -> [MetricFamily]
  ) -> HTTPResponse {
    let format = ExpositionFormat.negotiate(accept: request.field("accept"))
    var body = [vendorBytes(format, selection), tail(format, own())]
    var fields = [
      (name: "Content-Type", value: format.contentType),
      (name: "Vary", value: "Accept, Accept-Encoding"),
    ]
    if ContentCoding.acceptsGzip(request.field("accept-encoding")) {
      body = [ContentCoding.gzip(segments: body, level: MetricsEndpoint.gzipLevel)]
      fields.append((name: "Content-Encoding", value: "gzip"))
    }
    var response = HTTPResponse(status: 200, fields: fields, body: body)
    response.ticket = ticket
    return response
  }

  /// Most of gzip's gain on this text comes at the lowest level.
  private static let gzipLevel = 1

  /// The whole exposition in the text format, for `once`.
  func text() -> [UInt8] {
    vendorBytes(.text, nil) + tail(.text, families.current(targets: nil))
  }

  private func vendorBytes(_ format: ExpositionFormat, _ selection: Set<String>?) -> [UInt8] {
    let now = agent.time.uptime
    let generation = agent.store.generation
    if selection == nil, let known = cache.withLock({ $0[format] }),
      known.generation == generation, now <= known.validUntil
    {
      return known.bytes
    }
    let reading = agent.store.read(targets: selection, at: now)
    var problems: [ExpositionProblem] = []
    var merged = FamilyMerger.merge(reading.groups, problems: &problems)
    let invalid = ExpositionValidator().problems(in: merged)
    if !invalid.isEmpty {
      let names = Set(invalid.map(\.family))
      merged.removeAll { names.contains($0.name) }
    }
    report(problems + invalid)
    var bytes: [UInt8] = []
    ExpositionEncoder(format: format, writesCreated: writesCreated).encode(merged, into: &bytes)
    if selection == nil {
      let encoded = Encoded(
        generation: reading.generation,
        validUntil: reading.validUntil,
        bytes: bytes
      )
      cache.withLock { $0[format] = encoded }
    }
    return bytes
  }

  private func tail(_ format: ExpositionFormat, _ own: [MetricFamily]) -> [UInt8] {
    var bytes: [UInt8] = []
    let encoder = ExpositionEncoder(format: format, writesCreated: writesCreated)
    encoder.encode(own, into: &bytes)
    encoder.encodeEnd(into: &bytes)
    return bytes
  }

  /// Says once what had to be left out.
  private func report(_ problems: [ExpositionProblem]) {
    let fresh = reported.withLock { reported in problems.filter { reported.insert($0).inserted } }
    for problem in fresh {
      agent.log.error("left out of /metrics", [("problem", problem.description)])
    }
  }
}
