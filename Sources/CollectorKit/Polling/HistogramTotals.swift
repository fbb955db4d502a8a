public import Exposition
public import Ledger

/// A histogram of what happened in a day, kept by the ledger as totals: each bucket and the sum.
///
/// The ledger knows counters alone, so a histogram is kept in two families of it, `<name>_bucket`
/// and `<name>_sum`, and put together again for the exposition. Each bucket counts for itself there,
/// without those below: whatever the vendor corrects, the cumulative counts then rise from bucket to
/// bucket.
public struct HistogramTotals: Sendable, Equatable {
  /// The family's name.
  public let name: String
  /// The family's HELP.
  public let help: String
  /// The upper bounds, ascending and finite.
  public let bounds: [Double]

  /// A histogram; `bounds` must ascend.
  public init(name: String, help: String, bounds: [Double]) {
    self.name = name
    self.help = help
    self.bounds = bounds
  }

  /// A day's totals for the ledger.
  ///
  /// - Parameters:
  ///   - counts: How many values are in each bucket, the one above all bounds last.
  ///   - sum: The sum of all values.
  ///   - labels: The series' labels.
  ///   - bucket: The day.
  /// - Returns: An observation for every bucket and one for the sum.
  public func observations(
    counts: [Int],
    sum: Double,
    labels: LabelSet,
    bucket: Bucket
  ) -> [Observation] {
    let family = CounterFamily(name: name + HistogramTotals.bucketSuffix, help: help)
    var observations = counts.enumerated().map { index, count in
      // With both bounds in its name a bucket is a new series where the configuration moves a bound.
      let lower = index == 0 ? 0 : bounds[index - 1]
      let upper = index < bounds.count ? "\(bounds[index])" : "+Inf"
      return Observation(
        family: family,
        labels: labels.adding(HistogramTotals.range, "\(lower):\(upper)"),
        bucket: bucket,
        value: Double(count)
      )
    }
    observations.append(
      Observation(
        family: CounterFamily(name: name + HistogramTotals.sumSuffix, help: help),
        labels: labels,
        bucket: bucket,
        value: sum
      )
    )
    return observations
  }

  /// The ledger's families with the histograms put together.
  ///
  /// - Parameters:
  ///   - families: What the ledger has for a target.
  ///   - histograms: Those of the configuration; one that it no longer has keeps the bounds that the
  ///     ledger knows. A bucket between the configured bounds counts for the next one.
  /// - Returns: The counters as they were, and a histogram in place of the families it is kept in.
  public static func assemble(
    _ families: [MetricFamily],
    _ histograms: [HistogramTotals]
  ) -> [MetricFamily] {
    guard families.contains(where: { $0.name.hasSuffix(bucketSuffix) }) else { return families }
    let sums = families.filter { $0.name.hasSuffix(sumSuffix) }
    return families.compactMap { family in
      if family.name.hasSuffix(sumSuffix) { return nil }
      guard family.name.hasSuffix(bucketSuffix) else { return family }
      let name = String(family.name.dropLast(bucketSuffix.count))
      return MetricFamily(
        name: name,
        help: family.help,
        histograms: series(
          family,
          sums.first { $0.name == name + sumSuffix }?.samples ?? [],
          histograms.first { $0.name == name }?.bounds
        )
      )
    }
  }

  private static func series(
    _ family: MetricFamily,
    _ sums: [Sample],
    _ configured: [Double]?
  ) -> [HistogramSample] {
    let known = Set(family.samples.compactMap { upperBound($0.labels) }).filter(\.isFinite)
    let bounds = (configured ?? known.sorted()) + [.infinity]
    var counts: [SeriesKey: [Double]] = [:]
    var order: [Sample] = []
    for sample in family.samples {
      guard let upper = upperBound(sample.labels),
        let index = bounds.firstIndex(where: { upper <= $0 })
      else { continue }
      let labels = LabelSet(sample.labels.labels.filter { $0.name != range })
      let key = SeriesKey(labels)
      if counts[key] == nil {
        counts[key] = Array(repeating: 0, count: bounds.count)
        order.append(Sample(labels: labels, value: 0, created: sample.created))
      }
      counts[key]?[index] += sample.value
    }
    let sumBySeries = Dictionary(
      sums.map { (SeriesKey($0.labels), $0.value) },
      uniquingKeysWith: { first, _ in first }
    )
    return order.map { series in
      let key = SeriesKey(series.labels)
      var total = 0.0
      let buckets = zip(bounds, counts[key] ?? []).map { bound, count in
        total += count
        return HistogramSample.Bucket(upperBound: bound, cumulativeCount: total)
      }
      return HistogramSample(
        labels: series.labels,
        buckets: buckets,
        sum: sumBySeries[key] ?? 0,
        created: series.created
      )
    }
  }

  /// What stands behind the colon of the label with a bucket's bounds.
  private static func upperBound(_ labels: LabelSet) -> Double? {
    guard let text = labels[range]?.split(separator: ":").last else { return nil }
    return text == "+Inf" ? .infinity : Double(text)
  }

  private static let bucketSuffix = "_bucket"
  private static let sumSuffix = "_sum"
  private static let range = "range"
}
