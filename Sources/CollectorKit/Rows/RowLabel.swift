/// One label of a mapping while a table is read: the texts that it takes and what may be seen.
struct RowLabel: Sendable {
  /// Longer texts are cut: a label is a name, not a message.
  private static let longestText = 200
  /// More different values than any mapping may have series: what comes after them is `other`.
  private static let mostValues = 100_000
  /// The number that stands for no value.
  static let absent: Int32 = -1

  private struct Known {
    let text: Int32
    let identifier: Identifier?
  }

  private let column: RowMapping.LabelColumn
  private let allowsIdentifiers: Bool
  private var known: [String: Known] = [:]
  private var positions: [String: Int32] = [:]
  /// The texts by their numbers.
  private(set) var texts: [String] = []
  private var rows = 0
  private var identifierRows = 0
  /// The shape of the first value of each kind.
  private var shapes: [Identifier: String] = [:]
  /// Values that looked like identifiers and became `other`.
  private(set) var hidden = 0
  /// Whether values became `other` because there were more than the most.
  private(set) var isFull = false
  /// Rows with an array, or a number beyond any `Double`, where the label's value should be.
  private(set) var unreadable = 0

  init(_ column: RowMapping.LabelColumn, allowsIdentifiers: Bool) {
    self.column = column
    self.allowsIdentifiers = allowsIdentifiers
  }

  /// Why the column must not be a label; nil if at most a tenth of its rows look like identifiers.
  ///
  /// Fewer are strays (an agent typed a number into a name's field): they are hidden one by one.
  var refusal: String? {
    guard identifierRows * 10 > rows else { return nil }
    return "the column \"\(column.column)\" of the label \"\(column.label)\" holds what looks like "
      + "\(seen) and is not shown: take another column, list the values that may be shown below "
      + "allow, or set allow_identifiers: true"
  }

  /// What of the column is not shown as it is, or nil.
  var note: String? {
    if hidden > 0 {
      return
        "a value of the column \"\(column.column)\" of the label \"\(column.label)\" looks like "
        + "\(seen) and becomes other: list the values that may be shown below allow, or set "
        + "allow_identifiers: true"
    }
    if isFull {
      return "the label \"\(column.label)\" has more than \(RowLabel.mostValues) values; the rest "
        + "becomes other"
    }
    guard unreadable > 0 else { return nil }
    return "the label \"\(column.label)\" is absent if the column \"\(column.column)\" holds an "
      + "array"
  }

  /// `a telephone number (+999999999999)`, with the first value's shape.
  private var seen: String {
    shapes.map { "\($0.rawValue) (\($1))" }.sorted().joined(separator: " or ")
  }

  /// The number of the text that stands for a value.
  mutating func number(of value: RowValue) -> Int32 {
    guard let raw = value.labelText else {
      if value == .other { unreadable += 1 }
      return RowLabel.absent
    }
    rows += 1
    if let known = known[raw] {
      if known.identifier != nil { identifierRows += 1 }
      return known.text
    }
    guard known.count < RowLabel.mostValues else {
      isFull = true
      return position(of: RowMapping.other)
    }
    var text = column.values[raw] ?? raw
    var identifier: Identifier?
    if let allowed = column.allowed {
      if !allowed.contains(text) { text = RowMapping.other }
    } else if column.values[raw] == nil, !allowsIdentifiers {
      identifier = Identifier.kind(of: raw)
    }
    if let identifier {
      identifierRows += 1
      hidden += 1
      if shapes[identifier] == nil { shapes[identifier] = Identifier.shape(of: raw) }
      text = RowMapping.other
    } else if text.count > RowLabel.longestText {
      text = String(text.prefix(RowLabel.longestText)) + "…"
    }
    let number = text.isEmpty ? RowLabel.absent : position(of: text)
    known[raw] = Known(text: number, identifier: identifier)
    return number
  }

  private mutating func position(of text: String) -> Int32 {
    if let position = positions[text] { return position }
    let position = Int32(texts.count)
    positions[text] = position
    texts.append(text)
    return position
  }
}
