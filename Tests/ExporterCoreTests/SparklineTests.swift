import Testing

@testable import ExporterCore

/// A figure's day as inline SVG: within its box, and broken where nothing was served.
@Suite struct SparklineTests {
  private static func drawing(
    _ points: [(uptime: Double, value: Double)],
    bound: Double? = nil,
    title: String = "t"
  ) -> String {
    let sparkline = Sparkline(
      points: points,
      start: 0,
      now: 288,
      bound: bound,
      gap: 10,
      title: title
    )
    return String(decoding: sparkline.html.bytes, as: UTF8.self)
  }

  @Test func joinsWhatIsNear() {
    let text = SparklineTests.drawing([(0, 0), (10, 100), (20, 50)])
    #expect(text.contains("class=\"line\" d=\"M0 94l10-88l10 44\""))
    #expect(text.contains("class=\"area\" d=\"M0 94l10-88l10 44V100H0z\""))
    #expect(text.contains("class=\"dot\" d=\"M20 50h0\""))
  }

  @Test func breaksWhereNothingWasServed() {
    let text = SparklineTests.drawing([(0, 0), (10, 100), (21, 100), (40, 50)])
    #expect(text.contains("class=\"line\" d=\"M0 94l10-88M21 6h0M40 50h0\""))
  }

  @Test func aFlatLineRunsThroughTheMiddle() {
    for value in [0, 5, -5, 1e30, 1e-30] {
      let text = SparklineTests.drawing([(0, value), (10, value)])
      #expect(text.contains("class=\"line\" d=\"M0 50l10 0\""), "\(value)")
    }
  }

  @Test func theBoundIsInThePicture() {
    #expect(SparklineTests.drawing([(0, 50), (9, 60)], bound: 100).contains("d=\"M0 6h288\""))
    #expect(!SparklineTests.drawing([(0, 50), (9, 60)]).contains("goal"))
  }

  @Test func staysInItsBox() {
    let text = SparklineTests.drawing([(-50, 1), (290, 2)])
    #expect(text.contains("M0 94"))
    #expect(text.contains("M288 6h0"))
  }

  @Test func nothingIsDrawnOfNothing() {
    #expect(SparklineTests.drawing([]).isEmpty)
  }

  /// A strict policy refuses a style attribute, and a title may hold a vendor's words.
  @Test func hasNoStyleAttributeAndEscapesItsTitle() {
    let text = SparklineTests.drawing([(0, 1)], title: "</title><script>\"'")
    #expect(!text.contains("style="))
    #expect(text.contains("<title>&lt;/title&gt;&lt;script&gt;&quot;&#39;</title>"))
  }

  @Test func aDayTakesAboutAKilobyte() {
    let points = (0..<144).map { (uptime: Double($0) * 2, value: Double($0 * 7919 % 1000)) }
    #expect(SparklineTests.drawing(points).utf8.count < 2500)
  }
}
