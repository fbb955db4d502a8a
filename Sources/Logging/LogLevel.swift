/// How much a line matters; a logger drops what lies below its level.
public enum LogLevel: Int, Comparable, CaseIterable, Sendable {
  case debug, info, warn, error

  /// The name as it stands in flags and lines: `debug`, `info`, `warn` or `error`.
  public var name: String {
    switch self {
    case .debug: "debug"
    case .info: "info"
    case .warn: "warn"
    case .error: "error"
    }
  }

  /// The level with that name, or nil.
  public init?(name: String) {
    guard let level = LogLevel.allCases.first(where: { $0.name == name }) else { return nil }
    self = level
  }

  /// Orders by severity.
  public static func < (left: LogLevel, right: LogLevel) -> Bool {
    left.rawValue < right.rawValue
  }
}
