extension [UInt8] {
  /// Appends `{a="b",c="d"}`, or nothing for a set without labels.
  mutating func appendLabels(_ labels: LabelSet) {
    var separator = UInt8(ascii: "{")
    appendLabels(labels, separator: &separator)
    if separator == UInt8(ascii: ",") { append(UInt8(ascii: "}")) }
  }

  /// Appends the labels and, behind them, `le` with a bound that needs no escaping.
  mutating func appendLabels(_ labels: LabelSet, bound: [UInt8]) {
    var separator = UInt8(ascii: "{")
    appendLabels(labels, separator: &separator)
    append(separator)
    append("le=\"")
    append(contentsOf: bound)
    append("\"}")
  }

  private mutating func appendLabels(_ labels: LabelSet, separator: inout UInt8) {
    for label in labels.labels {
      append(separator)
      separator = UInt8(ascii: ",")
      append(contentsOf: label.name.utf8)
      append(UInt8(ascii: "="))
      append(UInt8(ascii: "\""))
      appendEscaped(label.value, quotes: true)
      append(UInt8(ascii: "\""))
    }
  }
}
