/// One label: a name and its value, as in the Prometheus data model.
public struct Label: Hashable, Sendable {
  /// `[a-zA-Z_][a-zA-Z0-9_]*`; names that start with `__` are Prometheus' own.
  public let name: String
  /// Any UTF-8 text; escaped only when it is encoded.
  public let value: String

  /// Pairs a name with a value; neither is checked here, `ExpositionValidator` does that.
  public init(name: String, value: String) {
    self.name = name
    self.value = value
  }
}

/// The labels of one series, in the order in which they are written.
public struct LabelSet: Hashable, Sendable {
  /// The labels, in writing order.
  public private(set) var labels: [Label]

  /// A set without labels.
  public init() {
    labels = []
  }

  /// The given labels in the given order.
  public init(_ labels: [Label]) {
    self.labels = labels
  }

  /// The value of the label with that name, or nil.
  public subscript(name: String) -> String? {
    labels.first { $0.name == name }?.value
  }

  /// The same set with one more label at its end.
  public func adding(_ name: String, _ value: String) -> LabelSet {
    var copy = self
    copy.labels.append(Label(name: name, value: value))
    return copy
  }

  /// The same set with the other set's labels behind its own.
  public func adding(_ other: LabelSet) -> LabelSet {
    LabelSet(labels + other.labels)
  }
}

extension LabelSet: ExpressibleByDictionaryLiteral {
  /// Labels in the order of the literal.
  public init(dictionaryLiteral elements: (String, String)...) {
    self.init(elements.map { Label(name: $0.0, value: $0.1) })
  }
}
