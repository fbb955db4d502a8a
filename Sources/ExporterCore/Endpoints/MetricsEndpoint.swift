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
    /// Compressed at the first scrape that wants it so.
    var deflated: DeflatedPart?
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
    var fields = [
      (name: "Content-Type", value: format.contentType),
      (name: "Vary", value: "Accept, Accept-Encoding"),
    ]
    let encoded = vendorFamilies(format, selection)
    let tail = tail(format, own())
    let body: [[UInt8]]
    if ContentCoding.acceptsGzip(request.field("accept-encoding")) {
      let level = MetricsEndpoint.gzipLevel
      body = DeflatedPart.gzip([
        deflated(encoded, format, selection), DeflatedPart(tail, level: level),
      ])
      fields.append((name: "Content-Encoding", value: "gzip"))
    } else {
      body = [encoded.bytes, tail]
    }
    var response = HTTPResponse(status: 200, fields: fields, body: body)
    response.ticket = ticket
    return response
  }

  /// Most of gzip's gain on this text comes at the lowest level.
  private static let gzipLevel = 1

  /// The whole exposition in the text format, for `once`.
  func text() -> [UInt8] {
    vendorFamilies(.text, nil).bytes + tail(.text, families.current(targets: nil))
  }

  private func vendorFamilies(_ format: ExpositionFormat, _ selection: Set<String>?) -> Encoded {
    let now = agent.time.uptime
    let generation = agent.store.generation
    if selection == nil, let known = cache.withLock({ $0[format] }),
      known.generation == generation, now <= known.validUntil
    {
      return known
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
    let encoded = Encoded(
      generation: reading.generation,
      validUntil: reading.validUntil,
      bytes: bytes,
      deflated: nil
    )
    if selection == nil { cache.withLock { $0[format] = encoded } }
    return encoded
  }

  /// The compressed families: made once for all scrapes of the same generation.
  private func deflated(
    _ encoded: Encoded,
    _ format: ExpositionFormat,
    _ selection: Set<String>?
  ) -> DeflatedPart {
    if let known = encoded.deflated { return known }
    let deflated = DeflatedPart(encoded.bytes, level: MetricsEndpoint.gzipLevel)
    if selection == nil {
      cache.withLock { cache in
        guard cache[format]?.generation == encoded.generation,
          cache[format]?.validUntil == encoded.validUntil
        else { return }
        cache[format]?.deflated = deflated
      }
    }
    return deflated
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
