import Logging
import Synchronization

/// Keeps lines instead of writing them.
final class RecordingSink: LogSink {
  private let kept = Mutex<[String]>([])

  /// Every line so far, newline included.
  var lines: [String] { kept.withLock { $0 } }

  func write(_ line: [UInt8]) {
    kept.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
  }
}
