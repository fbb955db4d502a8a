#if canImport(Glibc)
private import Glibc
#endif

/// Why a backfill cannot go on, in one line for people.
struct BackfillError: Error, Equatable {
  /// What, where, what was seen and what to do.
  let message: String

  /// An error with that line.
  init(_ message: String) {
    self.message = message
  }

  /// What the system refused, right behind the call.
  ///
  /// - Parameters:
  ///   - attempt: What was tried: `write history.om`.
  ///   - code: The value of `errno`.
  /// - Returns: An error with the system's reason, and what to do where that is a lack of room.
  static func system(_ attempt: String, _ code: Int32) -> BackfillError {
    let reason = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    let advice =
      switch code {
      case ENOSPC, EDQUOT, EFBIG:
        "; make room and give the same command again: what was fetched is kept"
      default: ""
      }
    return BackfillError("cannot \(attempt): \(reason)\(advice)")
  }
}
