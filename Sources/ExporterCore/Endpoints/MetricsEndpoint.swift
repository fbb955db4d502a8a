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

  /// An answer that was just made.
  private struct KeptAnswer: Sendable {
    let generation: UInt64
    /// How many requests other than scrapes had been answered.
    let others: Int
    let validUntil: Double
    var response: HTTPResponse
  }

  private let agent: Agent
  private let families: AgentFamilies
  private let writesCreated: Bool
  private let limit: ScrapeLimit
  private let cache = Mutex<[ExpositionFormat: Encoded]>([:])
  private let forms = AnswerForms()
  private let answers = Mutex<[AnswerForm: KeptAnswer]>([:])
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
    let form = forms.form(for: request)
    var response: HTTPResponse
    if wanted.isEmpty {
      response = everything(form)
    } else {
      let selection = Set(wanted)
      response = answer(
        form,
        vendorFamilies(form.format, selection),
        selection,
        families.current(targets: selection)
      )
    }
    response.ticket = ticket
    return response
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
    let form = forms.form(for: request)
    var response = answer(
      form,
      vendorFamilies(form.format, [name]),
      [name],
      families.about(targets: [name])
    )
    response.ticket = ticket
    return response
  }

  private func noTarget(_ name: String) -> HTTPResponse {
    let names = agent.targetNames.sorted().joined(separator: ", ")
    let shown = ErrorEnvelope.printable(String(name.prefix(100)))
    return .text(404, "404: there is no target \"\(shown)\"; there are \(names)")
  }

  /// The whole exposition: for scrapes that come quickly one after the other the same answer.
  private func everything(_ form: AnswerForm) -> HTTPResponse {
    let now = agent.time.uptime
    let generation = agent.store.generation
    let others = families.http.others
    let known = answers.withLock { answers -> HTTPResponse? in
      guard let known = answers[form], known.generation == generation, known.others == others,
        now <= known.validUntil
      else { return nil }
      // Wanted for the second time: more will follow.
      answers[form]?.response.prepare()
      return answers[form]?.response
    }
    if let known { return known }
    let encoded = vendorFamilies(form.format, nil)
    let response = answer(form, encoded, nil, families.current(targets: nil))
    // Whatever it costs to make, at most a hundredth of the time goes into making it.
    let cost = min(agent.time.uptime - now, MetricsEndpoint.longestKept / 100)
    let kept = KeptAnswer(
      generation: encoded.generation,
      others: others,
      validUntil: min(encoded.validUntil, now + cost * 100),
      response: response
    )
    answers.withLock { $0[form] = kept }
    return response
  }

  private func answer(
    _ form: AnswerForm,
    _ encoded: Encoded,
    _ selection: Set<String>?,
    _ own: [MetricFamily]
  ) -> HTTPResponse {
    var fields = [
      (name: "Content-Type", value: form.format.contentType),
      (name: "Vary", value: "Accept, Accept-Encoding"),
    ]
    let tail = tail(form.format, own)
    let body: [[UInt8]]
    if form.isCompressed {
      let level = MetricsEndpoint.gzipLevel
      body = DeflatedPart.gzip([
        deflated(encoded, form.format, selection), DeflatedPart(tail, level: level),
      ])
      fields.append((name: "Content-Encoding", value: "gzip"))
    } else {
      body = [encoded.bytes, tail]
    }
    return HTTPResponse(status: 200, fields: fields, body: body)
  }

  /// Nobody scrapes so often that the agent's own figures may be older than this, in seconds.
  private static let longestKept = 0.1

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
