import Exposition
import Testing

@Suite struct NegotiationTests {
  /// What clients send, word for word.
  @Test(
    arguments: [
      // Prometheus 2.5 to 2.35, which knows OpenMetrics 0.0.1 only.
      (
        "application/openmetrics-text; version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
        .text
      ),
      // Prometheus 2.36 to 2.4x.
      (
        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
          + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
        .openMetrics
      ),
      // Prometheus 2.x with native histograms.
      (
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,"
          + "application/openmetrics-text;version=1.0.0;q=0.8,"
          + "application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
        .openMetrics
      ),
      // Prometheus 3.
      (
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
          + "application/openmetrics-text;version=0.0.1;q=0.4,"
          + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,"
          + "text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
        .openMetrics
      ),
      // Prometheus 3 with native histograms.
      (
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;"
          + "escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=1.0.0;"
          + "escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,"
          + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,"
          + "*/*;q=0.1",
        .openMetrics
      ),
      // Prometheus 3 told to prefer the text format.
      (
        "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.4,"
          + "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.3,*/*;q=0.1",
        .text
      ),
      // curl, Firefox, Java.
      ("*/*", .text),
      (
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
        .text
      ),
      ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", .text),
    ] as [(String, ExpositionFormat)]
  )
  func client(_ accept: String, _ expected: ExpositionFormat) {
    #expect(ExpositionFormat.negotiate(accept: accept) == expected)
  }

  @Test func noFieldIsText() {
    #expect(ExpositionFormat.negotiate(accept: nil) == .text)
  }

  /// RFC 9110, sections 5.6 and 12.5.1.
  @Test(
    arguments: [
      ("", .text),
      ("application/openmetrics-text", .openMetrics),
      ("APPLICATION/OpenMetrics-Text;VERSION=1.0.0", .openMetrics),
      ("application/openmetrics-text ; version = 1.0.0", .openMetrics),
      ("application/openmetrics-text;version=\"1.0.0\"", .openMetrics),
      ("application/openmetrics-text;version=\"1\\.0.0\";charset=\"UTF-8\"", .openMetrics),
      ("application/openmetrics-text; version=1.0.0; charset=utf-8", .openMetrics),
      ("application/openmetrics-text;;", .openMetrics),
      (",, application/openmetrics-text ,", .openMetrics),
      // Versions and parameters that the answer does not have.
      ("application/openmetrics-text;version=2.0.0", .text),
      (
        "application/openmetrics-text;version=2.0.0,application/openmetrics-text;q=0.1",
        .openMetrics
      ),
      ("application/openmetrics-text;version=0.0.1", .text),
      ("application/openmetrics-text;charset=utf-16", .text),
      ("application/openmetrics-text;level=1", .text),
      // Weights.
      ("application/openmetrics-text;q=0", .text),
      ("application/openmetrics-text;q=0.000, */*", .text),
      ("application/openmetrics-text;q=0.5, text/plain;q=0.4", .openMetrics),
      ("application/openmetrics-text;q=0.4, text/plain;q=0.5", .text),
      ("application/openmetrics-text;q=0.401, text/plain;q=0.4", .openMetrics),
      ("application/openmetrics-text;q=1.000, text/plain;q=0.999", .openMetrics),
      ("application/openmetrics-text;Q=0.3, text/plain;q=0.4", .text),
      ("text/plain;q=0, application/openmetrics-text;q=0.001", .openMetrics),
      ("text/plain;q=0, */*", .openMetrics),
      ("*/*;q=0", .text),
      ("*/*;q=0.9, application/openmetrics-text;q=0.8", .text),
      // Equal weights: what is named first, and a name before a wildcard.
      ("application/openmetrics-text, text/plain", .openMetrics),
      ("text/plain, application/openmetrics-text", .text),
      ("*/*, application/openmetrics-text", .openMetrics),
      ("text/*, application/openmetrics-text", .openMetrics),
      ("application/*, text/*", .text),
      // Only one of the two is acceptable.
      ("application/*", .openMetrics),
      ("text/*", .text),
      ("text/html", .text),
      // The most specific range decides, wherever it stands.
      ("application/*;q=1, application/openmetrics-text;q=0.2, text/plain;q=0.5", .text),
      (
        "application/openmetrics-text;q=0.1, application/openmetrics-text;version=1.0.0;q=0.9, "
          + "text/plain;q=0.5", .openMetrics
      ),
      (
        "text/plain;q=0.9, text/plain;version=0.0.4;q=0.1, application/openmetrics-text;q=0.5",
        .openMetrics
      ),
      // What cannot be read is not there.
      ("application/openmetrics-text;q=2", .text),
      ("application/openmetrics-text;q=1.001", .text),
      ("application/openmetrics-text;q=-1", .text),
      ("application/openmetrics-text;q=abc", .text),
      ("application/openmetrics-text;q=", .text),
      ("application/openmetrics-text;q=0.1.2", .text),
      ("application/openmetrics-text;version", .text),
      ("application/openmetrics-text/x", .text),
      ("*/openmetrics-text", .text),
      ("application openmetrics-text", .text),
      ("/", .text), (";", .text), ("=;,/\"", .text), ("\u{0}\u{FFFD}é/ü", .text),
      ("x/y;a=\"unterminated, application/openmetrics-text", .text),
      ("x/y;a=\"\\\", \", application/openmetrics-text", .openMetrics),
    ] as [(String, ExpositionFormat)]
  )
  func rule(_ accept: String, _ expected: ExpositionFormat) {
    #expect(ExpositionFormat.negotiate(accept: accept) == expected)
  }
}
