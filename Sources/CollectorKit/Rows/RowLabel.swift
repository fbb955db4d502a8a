/// One label of a mapping while a table is read: the texts that it takes and who may be seen.
struct RowLabel: Sendable {
  /// Longer texts are cut: a label is a name, not a message.
  private static let longestText = 200
  /// More different values than any mapping may have series: what comes behind them is `other`.
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
  private var kinds: Set<Identifier> = []
  /// Values that looked like identifiers and became `other`.
  private(set) var hidden = 0

  init(_ column: RowMapping.LabelColumn, allowsIdentifiers: Bool) {
    self.column = column
    self.allowsIdentifiers = allowsIdentifiers
  }

  /// Why the column must not be a label; nil where a tenth of its rows at most look like identifiers.
  ///
  /// Fewer are strays (somebody typed a number where a name belongs): they are hidden one by one.
  var refusal: String? {
    guard identifierRows * 10 > rows else { return nil }
    let seen = kinds.map(\.rawValue).sorted().joined(separator: " or ")
    return "the column \"\(column.column)\" of the label \"\(column.label)\" holds what looks like "
      + "\(seen) and is not shown: take another column, list the values that may be shown below "
      + "allow, or set allow_identifiers: true"
  }

  /// The number of the text that stands for a value.
  mutating func number(of value: RowValue) -> Int32 {
    guard let raw = value.labelText else { return RowLabel.absent }
    rows += 1
    if let known = known[raw] {
      if known.identifier != nil { identifierRows += 1 }
      return known.text
    }
    guard known.count < RowLabel.mostValues else { return position(of: RowMapping.other) }
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
      kinds.insert(identifier)
      text = RowMapping.other
    } else if text.utf8.count > RowLabel.longestText {
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
