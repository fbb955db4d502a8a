import HTTPListener
import Synchronization

/// Routes requests to the imitations and applies the faults.
final class SimulatorCore: HTTPHandler {
  private struct Breakage {
    let fault: Fault
    var left: Int?
  }

  let log = RequestLog()
  private let now: @Sendable () -> Double
  private let imitations: [SimulatedVendor: any VendorImitation]
  private let breakages = Mutex<[SimulatedVendor: Breakage]>([:])
  /// The completions of requests that hang: one that is dropped would answer.
  private let hanging = Mutex<[HTTPCompletion]>([])

  init(
    now: @escaping @Sendable () -> Double,
    imitations: [SimulatedVendor: any VendorImitation]
  ) {
    self.now = now
    self.imitations = imitations
  }

  /// Breaks a vendor, for so many requests or until told otherwise; nil mends it.
  func setFault(_ fault: Fault?, for vendor: SimulatedVendor, times: Int?) {
    breakages.withLock { breakages in
      breakages[vendor] = fault.map { Breakage(fault: $0, left: times) }
    }
  }

  /// Resets the connections of the requests that hang.
  func releaseHanging() {
    let released = hanging.withLock { completions in
      defer { completions = [] }
      return completions
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
    let fault = takeFault(of: vendor)
    let answer = faultyAnswer(fault, from: imitation, to: request, at: time)
    var status: Int?
    if case .response(let response) = answer { status = response.status }
    log.add(
      RecordedRequest(time: time, method: request.method, path: request.path, status: status),
      of: vendor
    )
    return answer
  }

  /// The vendor's fault, counted down where it is for a few requests only.
  private func takeFault(of vendor: SimulatedVendor) -> Fault? {
    breakages.withLock { breakages in
      guard var breakage = breakages[vendor] else { return nil }
      guard let left = breakage.left else { return breakage.fault }
      breakage.left = left - 1
      breakages[vendor] = left > 1 ? breakage : nil
      return left > 0 ? breakage.fault : nil
    }
  }

  private func faultyAnswer(
    _ fault: Fault?,
    from imitation: any VendorImitation,
    to request: HTTPRequest,
    at time: Double
  ) -> HTTPAnswer {
    switch fault {
    case .hang:
      .deferred { [self] completion in
        hanging.withLock { $0.append(completion) }
      }
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
    case .emptyArrays, .nullDashboard, .nullInsight, .usersAsStrings, nil:
      .response(imitation.answer(request, at: time, fault: fault))
    }
  }
}
