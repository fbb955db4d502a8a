import HTTPListener
import Synchronization

/// Routes requests to the imitations and applies the faults.
final class SimulatorCore: HTTPHandler {
  /// What a vendor suffers from at the moment.
  private struct Condition {
    var fault: Fault?
    /// The requests that the fault still applies to; nil for all of them.
    var requestsLeft: Int?
    /// Rises with every change, so that a request that was told to hang knows whether it still is.
    var generation = 0
    /// The completions of requests that hang: one that is dropped would answer.
    var hanging: [HTTPCompletion] = []
  }

  let log = RequestLog()
  private let now: @Sendable () -> Double
  private let imitations: [SimulatedVendor: any VendorImitation]
  private let conditions = Mutex<[SimulatedVendor: Condition]>([:])

  init(
    now: @escaping @Sendable () -> Double,
    imitations: [SimulatedVendor: any VendorImitation]
  ) {
    self.now = now
    self.imitations = imitations
  }

  /// Breaks a vendor, for so many requests or until told otherwise; nil mends it.
  ///
  /// Requests of the vendor that hang until now are reset.
  func setFault(_ fault: Fault?, for vendor: SimulatedVendor, times: Int?) {
    let released = conditions.withLock { conditions in
      let old = conditions[vendor, default: Condition()]
      conditions[vendor] = Condition(
        fault: fault,
        requestsLeft: times,
        generation: old.generation + 1
      )
      return old.hanging
    }
    for completion in released {
      completion.abort()
    }
  }

  func answer(_ request: HTTPRequest) -> HTTPAnswer {
    guard let vendor = SimulatedVendor(path: request.path), let imitation = imitations[vendor]
    else {
      return .response(.text(404, "404: no simulated vendor has this path"))
    }
    let time = now()
    let (fault, generation) = takeFault(of: vendor)
    let answer =
      fault == .hang
      ? HTTPAnswer.deferred { self.hold($0, of: vendor, since: generation) }
      : faultyAnswer(fault, from: imitation, to: request, at: time)
    var status: Int?
    if case .response(let response) = answer { status = response.status }
    log.add(
      RecordedRequest(time: time, method: request.method, path: request.path, status: status),
      of: vendor
    )
    return answer
  }

  /// The vendor's fault, counted down where it is for a few requests only.
  private func takeFault(of vendor: SimulatedVendor) -> (Fault?, generation: Int) {
    conditions.withLock { conditions in
      guard var condition = conditions[vendor] else { return (nil, 0) }
      if let left = condition.requestsLeft {
        guard left > 0 else { return (nil, condition.generation) }
        condition.requestsLeft = left - 1
        conditions[vendor] = condition
      }
      return (condition.fault, condition.generation)
    }
  }

  /// Keeps a request without an answer, unless the fault was changed since it was told to hang.
  private func hold(_ completion: HTTPCompletion, of vendor: SimulatedVendor, since: Int) {
    let isHeld = conditions.withLock { conditions in
      guard conditions[vendor]?.generation == since else { return false }
      conditions[vendor]?.hanging.append(completion)
      return true
    }
    if !isHeld { completion.abort() }
  }

  private func faultyAnswer(
    _ fault: Fault?,
    from imitation: any VendorImitation,
    to request: HTTPRequest,
    at time: Double
  ) -> HTTPAnswer {
    switch fault {
    case .reset: .deferred { $0.abort() }
    case .refuse401: .response(imitation.refusal(.unauthorized))
    case .refuse403: .response(imitation.refusal(.forbidden))
    case .internalError500: .response(imitation.refusal(.internalError))
    case .errorEnvelopeWith200: .response(imitation.refusal(.errorEnvelope))
    case .rateLimited(let retryAfter):
      .response(FaultAnswer.rateLimited(retryAfter, by: imitation, at: time))
    case .unavailable503: .response(FaultAnswer.gatewayPage)
    case .redirect(let location): .response(FaultAnswer.redirect(to: location))
    case .htmlWith200: .response(FaultAnswer.loginPage)
    case .notJSON: .response(FaultAnswer.plainText)
    case .emptyBody: .response(FaultAnswer.empty)
    case .hugeBody(let bytes): .response(FaultAnswer.huge(bytes))
    case .truncatedJSON:
      .response(FaultAnswer.truncated(imitation.answer(request, at: time, fault: nil)))
    case .emptyArrays, .nullDashboard, .nullInsight, .usersAsStrings, .skipIgnored, .hang, nil:
      .response(imitation.answer(request, at: time, fault: fault))
    }
  }
}
