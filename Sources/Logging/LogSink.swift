/// Where finished lines go.
public protocol LogSink: Sendable {
  /// Takes one whole line, newline included; called from any thread.
  func write(_ line: [UInt8])
}
