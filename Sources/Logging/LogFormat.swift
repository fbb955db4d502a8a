/// How a line is written.
public enum LogFormat: String, CaseIterable, Sendable {
  /// `time=… level=INFO msg="…" key=value`, as Prometheus and its exporters write.
  case logfmt
  /// One JSON object a line with the same keys.
  case json
}
