/// The type of a metric family, in OpenMetrics' words.
///
/// Source: OpenMetrics 1.0.0, "Metric Types". In text format 0.0.4 `info` is written as a gauge and
/// `unknown` as `untyped`.
public enum MetricType: String, Sendable {
  case gauge
  case counter
  case histogram
  case info
  case unknown
}

/// One series' value.
public struct Sample: Sendable, Equatable {
  /// The labels that tell this series from the family's others.
  public var labels: LabelSet
  /// The value in the family's base unit.
  public var value: Double
  /// Unix seconds at which a counter started from 0, where it is known.
  public var created: Double?

  /// A sample without an explicit timestamp: `/metrics` writes none.
  public init(labels: LabelSet, value: Double, created: Double? = nil) {
    self.labels = labels
    self.value = value
    self.created = created
  }
}

/// One series of a histogram family.
public struct HistogramSample: Sendable, Equatable {
  /// An upper bound (inclusive) and how many observations were at or below it.
  public struct Bucket: Sendable, Equatable {
    /// The inclusive upper bound in the family's base unit; the last bucket's is infinity.
    public var upperBound: Double
    /// Observations at or below the bound: never less than the bucket before.
    public var cumulativeCount: Double

    /// Pairs a bound with its cumulative count.
    public init(upperBound: Double, cumulativeCount: Double) {
      self.upperBound = upperBound
      self.cumulativeCount = cumulativeCount
    }
  }

  /// The labels without `le`.
  public var labels: LabelSet
  /// Ascending by bound, ending with infinity.
  public var buckets: [Bucket]
  /// The sum of all observations.
  public var sum: Double
  /// Unix seconds at which the histogram started from 0, where it is known.
  public var created: Double?

  /// The number of observations: the last bucket's count.
  public var count: Double { buckets.last?.cumulativeCount ?? 0 }

  /// A histogram series; `buckets` must end with an infinite bound.
  public init(labels: LabelSet, buckets: [Bucket], sum: Double, created: Double? = nil) {
    self.labels = labels
    self.buckets = buckets
    self.sum = sum
    self.created = created
  }
}

/// A named group of series of one type, written together under one HELP and one TYPE.
public struct MetricFamily: Sendable, Equatable {
  /// The full Prometheus name: a counter's ends in `_total`, an info's in `_info`.
  public let name: String
  /// Gauge, counter, histogram, info or unknown.
  public let type: MetricType
  /// One static line for people.
  public let help: String
  /// The series of every type but histogram.
  public var samples: [Sample]
  /// The series of a histogram family.
  public var histograms: [HistogramSample]

  /// How many series the family has.
  public var seriesCount: Int { samples.count + histograms.count }

  /// A family of samples.
  public init(name: String, type: MetricType, help: String, samples: [Sample] = []) {
    self.name = name
    self.type = type
    self.help = help
    self.samples = samples
    histograms = []
  }

  /// A histogram family.
  public init(name: String, help: String, histograms: [HistogramSample]) {
    self.name = name
    type = .histogram
    self.help = help
    samples = []
    self.histograms = histograms
  }
}
