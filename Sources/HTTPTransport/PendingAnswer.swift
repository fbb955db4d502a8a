import Synchronization

/// The one place where an answer, a failure, a cancellation and a shutdown meet: the first wins
/// and resumes the caller, exactly once.
final class PendingAnswer: Sendable {
  typealias Outcome = Result<HTTPClientResponse, TransportError>

  private enum State {
    case open
    case awaited(CheckedContinuation<Outcome, Never>)
    /// Resolved before anybody waited: the task was cancelled first.
    case resolved(Outcome)
    case delivered
  }

  private let state = Mutex(State.open)

  /// Takes the caller to resume.
  ///
  /// - Returns: false where the outcome was already known; the caller was then resumed.
  func attach(_ continuation: CheckedContinuation<Outcome, Never>) -> Bool {
    let known: Outcome? = state.withLock { state in
      guard case .resolved(let outcome) = state else {
        state = .awaited(continuation)
        return nil
      }
      state = .delivered
      return outcome
    }
    guard let known else { return true }
    continuation.resume(returning: known)
    return false
  }

  /// Sets the outcome unless there is one, and resumes the caller outside the lock.
  ///
  /// - Returns: whether this call decided the outcome.
  @discardableResult
  func resolve(_ outcome: Outcome) -> Bool {
    let (isFirst, continuation) = state.withLock {
      state -> (Bool, CheckedContinuation<Outcome, Never>?) in
      switch state {
      case .open:
        state = .resolved(outcome)
        return (true, nil)
      case .awaited(let continuation):
        state = .delivered
        return (true, continuation)
      case .resolved, .delivered:
        return (false, nil)
      }
    }
    continuation?.resume(returning: outcome)
    return isFirst
  }

  /// Whether there is an outcome already.
  var isResolved: Bool {
    state.withLock { state in
      switch state {
      case .open, .awaited: false
      case .resolved, .delivered: true
      }
    }
  }
}

/// A request with the place its answer goes to.
struct Submission: Sendable {
  let request: PreparedRequest
  let answer: PendingAnswer
}
