/// A mapping made up from a table's columns: something that works, to be changed.
public struct MappingSuggestion: Sendable, Equatable {
  /// The mapping; `count` by label where no column is a number.
  public let mapping: RowMapping

  /// Labels have so few different values that a panel can show them.
  private static let mostDistinct = 25
  private static let mostLabels = 2

  /// Makes a suggestion.
  ///
  /// - Parameters:
  ///   - columns: The table's columns.
  ///   - metric: The family's name, as near to it as a valid one can be.
  ///   - what: What is counted, for HELP.
  ///   - isObject: Whether the table is one object, which has values and no labels.
  public init(columns: [ColumnSummary], metric: String, what: String, isObject: Bool) {
    // What cannot be written as it is, cannot be asked for.
    let columns = columns.filter { column in
      !column.name.isEmpty && ErrorEnvelope.printable(column.name) == column.name
    }
    let numbers = columns.filter { !$0.isPersonal && $0.isOnly(.number, .numericText) }
    let durations = columns.filter { !$0.isPersonal && $0.isOnly(.duration) }
    let labels = columns.filter { column in
      !isObject && !column.isPersonal && column.isOnly(.text, .boolean)
        && (1...MappingSuggestion.mostDistinct).contains(column.distinct)
    }
    .prefix(MappingSuggestion.mostLabels)
    let isDuration = numbers.isEmpty && !durations.isEmpty
    let value = numbers.first ?? durations.first
    var name = MappingSuggestion.identifier(metric)
    if !name.contains("_") { name += "_rows" }
    for suffix in ["_total", "_bucket", "_count", "_sum", "_created", "_info"]
    where name.hasSuffix(suffix) { name += "_rows" }
    if let value {
      let column = MappingSuggestion.identifier(value.name)
      name += "_" + column
      for suffix in ["_total", "_bucket", "_count", "_sum", "_created", "_info"]
      where name.hasSuffix(suffix) { name += "_value" }
      if isDuration { name += "_seconds" }
    }
    var used: Set<String> = []
    mapping = RowMapping(
      metric: name,
      help: value.map { "Sum of \($0.name) in \(what)." } ?? "Rows of \(what).",
      labels: labels.compactMap { column in
        var label = MappingSuggestion.identifier(column.name)
        if label.first?.isNumber ?? true { label = "column_" + label }
        if ["view", "card", "period", "sla", "target", "le", "quantile"].contains(label) {
          label += "_value"
        }
        guard used.insert(label).inserted else { return nil }
        return RowMapping.LabelColumn(label: label, column: column.name)
      },
      value: value?.name,
      format: isDuration ? .duration : .number
    )
  }

  /// The mapping's lines of YAML, without indentation.
  public var lines: [String] {
    var lines = [
      "metric: \(mapping.metric)",
      "help: \(MappingSuggestion.quoted(mapping.help))",
    ]
    if !mapping.labels.isEmpty {
      let pairs = mapping.labels.map { "\($0.label): \(MappingSuggestion.quoted($0.column))" }
      lines.append("labels: {\(pairs.joined(separator: ", "))}")
    }
    if let value = mapping.value { lines.append("value: \(MappingSuggestion.quoted(value))") }
    if mapping.format != .number { lines.append("format: \(mapping.format.rawValue)") }
    return lines
  }

  /// A name of lower-case letters, digits and single `_`.
  static func identifier(_ text: String) -> String {
    var result = ""
    var wasLower = false
    for character in text {
      let isPart = character.isASCII && (character.isLetter || character.isNumber)
      if isPart {
        if character.isUppercase, wasLower { result += "_" }
        result += character.lowercased()
      } else if !result.isEmpty, !result.hasSuffix("_") {
        result += "_"
      }
      wasLower = character.isLowercase
    }
    while result.hasSuffix("_") { result.removeLast() }
    return result.isEmpty ? "value" : result
  }

  /// A YAML scalar in double quotes; `$` is doubled, for the configuration's variables.
  public static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in ErrorEnvelope.printable(text).unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case "$": result += "$$"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
