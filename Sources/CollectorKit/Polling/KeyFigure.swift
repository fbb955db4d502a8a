public import Exposition

/// A figure that a person wants to see at a glance: what the status page shows and keeps a day of.
///
/// A collector names its key figures, so that the page needs to know no vendor.
public struct KeyFigure: Sendable, Equatable {
  /// How a value is written for people.
  public enum Unit: Sendable, Equatable {
    /// A plain number.
    case number
    /// Seconds.
    case seconds
    /// 0 to 1, shown as a percentage.
    case ratio
  }

  /// What the configuration wants of a figure.
  public struct Bound: Sendable, Equatable {
    /// On which side of the bound all is well.
    public enum Direction: Sendable, Equatable {
      /// The value should not be lower.
      case atLeast
      /// The value should not be higher.
      case atMost
    }

    /// The family, one of the collector's `configuredFamilies`, whose sample is the bound.
    public let family: String
    /// Labels of the bound's sample that the figure's own sample does not have.
    public let labels: LabelSet
    /// On which side of the bound all is well.
    public let direction: Direction

    /// A bound from a configured family.
    public init(_ direction: Direction, family: String, labels: LabelSet = LabelSet()) {
      self.direction = direction
      self.family = family
      self.labels = labels
    }
  }

  /// The gauge's family.
  public let family: String
  /// The figure's name for people: `Sessions`.
  public let title: String
  /// The label whose value is the name, where the vendor names the figure; `title` where it is
  /// empty.
  public let titleLabel: String?
  /// Only samples with these labels.
  public let selecting: LabelSet
  /// Labels that tell the family's samples apart, in the order in which they are shown.
  public let qualifiers: [String]
  /// How a value is written.
  public let unit: Unit
  /// What the value is held against, where it is.
  public let bound: Bound?

  /// A figure that is shown.
  public init(
    _ title: String,
    family: String,
    unit: Unit = .number,
    titleLabel: String? = nil,
    selecting: LabelSet = LabelSet(),
    qualifiers: [String] = [],
    bound: Bound? = nil
  ) {
    self.title = title
    self.family = family
    self.unit = unit
    self.titleLabel = titleLabel
    self.selecting = selecting
    self.qualifiers = qualifiers
    self.bound = bound
  }

  /// Whether a sample of the family is one of this figure's.
  public func matches(_ labels: LabelSet) -> Bool {
    selecting.labels.allSatisfy { labels[$0.name] == $0.value }
  }

  /// The bound for a sample, where the configuration gives one.
  ///
  /// - Parameters:
  ///   - labels: The sample's labels.
  ///   - configured: The collector's `configuredFamilies`.
  /// - Returns: The value of the bound's sample all of whose labels the sample, or `bound`, has.
  public func limit(for labels: LabelSet, in configured: [MetricFamily]) -> Double? {
    guard let bound, let family = configured.first(where: { $0.name == bound.family }) else {
      return nil
    }
    return family.samples.first { sample in
      sample.labels.labels.allSatisfy { label in
        (bound.labels[label.name] ?? labels[label.name]) == label.value
      }
    }?.value
  }
}

extension Collector {
  /// None, unless the collector names some.
  public var keyFigures: [KeyFigure] { [] }
}
