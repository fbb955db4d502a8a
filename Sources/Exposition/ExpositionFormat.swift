/// The two formats in which `/metrics` is served.
public enum ExpositionFormat: String, Sendable, CaseIterable, Hashable {
  /// Prometheus' text exposition format 0.0.4.
  case text
  /// OpenMetrics 1.0.0's text format.
  case openMetrics

  /// The value of the Content-Type field.
  public var contentType: String {
    switch self {
    case .text: "text/plain; version=0.0.4; charset=utf-8"
    case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
    }
  }
}
