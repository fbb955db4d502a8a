/// Writes the series of one histogram family: buckets, sum, count and, where asked for, created.
struct HistogramEncoder {
  private let family: MetricFamily
  private let format: ExpositionFormat
  private let bucketName: [UInt8]
  private let sumName: [UInt8]
  private let countName: [UInt8]
  private let createdName: [UInt8]?

  init(family: MetricFamily, encoder: ExpositionEncoder) {
    self.family = family
    format = encoder.format
    bucketName = Array("\(family.name)_bucket".utf8)
    sumName = Array("\(family.name)_sum".utf8)
    countName = Array("\(family.name)_count".utf8)
    createdName =
      encoder.writesCreated && encoder.format == .openMetrics
      ? Array("\(family.name)_created".utf8) : nil
  }

  func encode(into output: inout [UInt8]) {
    // The series of a family nearly always share their bounds: each is turned into text once.
    var bounds: [UInt64: [UInt8]] = [:]
    for series in family.histograms {
      for bucket in series.buckets {
        let bound: [UInt8]
        if let known = bounds[bucket.upperBound.bitPattern] {
          bound = known
        } else {
          bound = BucketBound(bucket.upperBound, format: format).text
          bounds[bucket.upperBound.bitPattern] = bound
        }
        output.append(contentsOf: bucketName)
        output.appendLabels(series.labels, bound: bound)
        output.append(UInt8(ascii: " "))
        output.appendNumber(bucket.cumulativeCount)
        output.append(UInt8(ascii: "\n"))
      }
      append(sumName, series.labels, series.sum, to: &output)
      append(countName, series.labels, series.count, to: &output)
      if let createdName, let created = series.created, created.isFinite {
        append(createdName, series.labels, created, to: &output)
      }
    }
  }

  private func append(
    _ name: [UInt8],
    _ labels: LabelSet,
    _ value: Double,
    to output: inout [UInt8]
  ) {
    output.append(contentsOf: name)
    output.appendLabels(labels)
    output.append(UInt8(ascii: " "))
    output.appendNumber(value)
    output.append(UInt8(ascii: "\n"))
  }
}
