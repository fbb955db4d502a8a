import CollectorKit

/// A target's way through its budget, counting what goes through.
struct TargetGate: RequestGate {
  let budget: RequestBudget
  let statistics: TargetStatistics
  /// The most seconds that one request waits for a slot.
  let patience: Double
  /// Called at every step: the poll goes on.
  let progressed: @Sendable () -> Void

  func enter(endpoint: String) async throws {
    progressed()
    defer { progressed() }
    guard let wait = try await budget.enter(patience: patience) else { return }
    let seconds = Int(wait.rounded(.up))
    guard !budget.limits.isEmpty, !budget.isBlocked else {
      throw CollectionError(
        .budget,
        endpoint: endpoint,
        "the vendor asked to wait for another \(seconds) s",
        retryAfter: wait
      )
    }
    let limits = budget.limits.map { "\($0.requests) in \(Int($0.window))s" }
      .joined(separator: " and ")
    throw CollectionError(
      .budget,
      endpoint: endpoint,
      "the request budget of \(limits) has no room for \(seconds) s; poll less "
        + "often, ask for less, or raise the target's rate_limit if the vendor allows more",
      retryAfter: wait
    )
  }

  func leave(code: String, seconds: Double) {
    progressed()
    budget.leave()
    statistics.requestEnded(code: code, seconds: seconds)
  }

  var widestWindow: Double? { budget.limits.map(\.window).max() }

  func refused(retryAfter: Double?) {
    if let retryAfter { budget.block(seconds: retryAfter) }
  }
}
