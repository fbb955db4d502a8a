#if canImport(Glibc)
private import Glibc
#endif

/// A leveled, structured logger: a message that never varies and fields that do.
///
/// It is a value: `with` gives a copy that adds fields to every line.
///
/// ```swift
/// let log = Logger(level: .info, format: .logfmt).with([("target", "support")])
/// log.warn("poll failed", [("reason", "timeout")])
/// ```
public struct Logger: Sendable {
  /// A key and its value.
  public typealias Field = (key: String, value: String)

  /// Lines below this level are dropped.
  public let level: LogLevel
  private let format: LogFormat
  private let sink: any LogSink
  private let now: @Sendable () -> Double
  private let fields: [Field]

  /// A logger that writes lines of at least `level` to `sink`.
  ///
  /// - Parameters:
  ///   - level: The lowest level that is written.
  ///   - format: logfmt or JSON lines.
  ///   - sink: Standard error unless told otherwise.
  ///   - now: Unix seconds, for the `time` field.
  public init(
    level: LogLevel,
    format: LogFormat,
    sink: any LogSink = StandardErrorSink(),
    now: @escaping @Sendable () -> Double = Logger.systemTime
  ) {
    self.level = level
    self.format = format
    self.sink = sink
    self.now = now
    fields = []
  }

  private init(_ base: Logger, adding more: [Field]) {
    level = base.level
    format = base.format
    sink = base.sink
    now = base.now
    fields = base.fields + more
  }

  /// The same logger with more fields on every line.
  public func with(_ more: [Field]) -> Logger {
    Logger(self, adding: more)
  }

  /// For whoever diagnoses the agent itself.
  public func debug(_ message: String, _ more: @autoclosure () -> [Field] = []) {
    log(.debug, message, more())
  }

  /// What an operator may want to know.
  public func info(_ message: String, _ more: @autoclosure () -> [Field] = []) {
    log(.info, message, more())
  }

  /// What went wrong and was dealt with.
  public func warn(_ message: String, _ more: @autoclosure () -> [Field] = []) {
    log(.warn, message, more())
  }

  /// What went wrong and needs somebody.
  public func error(_ message: String, _ more: @autoclosure () -> [Field] = []) {
    log(.error, message, more())
  }

  /// Writes one line where `level` is high enough; `more` is evaluated only then.
  public func log(_ level: LogLevel, _ message: String, _ more: @autoclosure () -> [Field]) {
    guard level >= self.level else { return }
    let line = LogLine(time: now(), level: level, message: message, fields: fields + more())
    sink.write(line.encoded(as: format))
  }

  /// The system's real-time clock in Unix seconds.
  public static func systemTime() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
