/// Writes samples of the past as OpenMetrics: with timestamps, one family after the other.
///
/// The caller sees to the order: all samples of a family behind its metadata, a series' samples
/// together and ascending (OpenMetrics 1.0.0, "MetricSet" and "Timestamps").
///
/// ```swift
/// var output: [UInt8] = []
/// HistoryEncoder.encodeMetadata(of: family, into: &output)
/// let series = HistoryEncoder.series(family.name, labels)
/// HistoryEncoder.encode(series, 12, at: 1_768_003_199, into: &output)
/// ExpositionEncoder(format: .openMetrics).encodeEnd(into: &output)
/// ```
public enum HistoryEncoder {
  /// Appends TYPE, UNIT and HELP.
  public static func encodeMetadata(of family: MetricFamily, into output: inout [UInt8]) {
    ExpositionEncoder(format: .openMetrics).encodeMetadata(of: family, into: &output)
  }

  /// What the lines of a series begin with: the name and the labels.
  public static func series(_ name: String, _ labels: LabelSet) -> [UInt8] {
    var text = Array(name.utf8)
    text.appendLabels(labels)
    return text
  }

  /// Appends a sample.
  ///
  /// - Parameters:
  ///   - series: What the series' lines begin with.
  ///   - value: The value in the family's base unit.
  ///   - unixTime: The timestamp in seconds.
  ///   - output: Where it goes.
  public static func encode(
    _ series: [UInt8],
    _ value: Double,
    at unixTime: Int64,
    into output: inout [UInt8]
  ) {
    output.append(contentsOf: series)
    output.append(UInt8(ascii: " "))
    output.appendNumber(value)
    output.append(UInt8(ascii: " "))
    output.append(String(unixTime))
    output.append(UInt8(ascii: "\n"))
  }
}
