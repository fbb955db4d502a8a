public import Logging
import Synchronization

/// A log sink that keeps its lines.
public final class LogRecorder: LogSink {
  private let kept = Mutex<[String]>([])

  /// A recorder without lines.
  public init() {}

  /// The lines so far, without their newlines.
  public var lines: [String] { kept.withLock { $0 } }

  /// A logger that writes here, from `debug` on.
  public var logger: Logger {
    Logger(level: .debug, format: .logfmt, sink: self)
  }

  /// Keeps a line.
  public func write(_ line: [UInt8]) {
    kept.withLock { $0.append(String(decoding: line.dropLast(), as: UTF8.self)) }
  }
}
