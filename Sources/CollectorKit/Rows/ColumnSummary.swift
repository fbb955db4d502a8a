/// What a column of a table holds, for a person who wants to map it.
public struct ColumnSummary: Sendable, Equatable {
  /// A kind of value.
  public enum Kind: String, Sendable, CaseIterable, Comparable {
    case number
    /// A text that is a number.
    case numericText = "numeric text"
    case duration, date, text, boolean, null, array

    /// Orders as the cases are listed.
    public static func < (left: Kind, right: Kind) -> Bool {
      (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }
  }

  /// The column's name as the vendor first wrote it.
  public let name: String
  /// The kinds that occur, in their order.
  public let kinds: [Kind]
  /// Rows with a value that is not null.
  public let present: Int
  /// Different values, at most `mostDistinct`.
  public let distinct: Int
  /// The first different values; what is or may be personal is masked.
  public let examples: [String]
  /// Whether its name or its values look like identifiers.
  public let isPersonal: Bool

  /// Counting ends here: so many values are no label.
  public static let mostDistinct = 10_000
  private static let exampleCount = 3

  /// The name as it may be shown: an object may have an address for a key.
  public var shownName: String { ColumnSummary.shownName(of: name) }

  /// A column's name as it may be shown.
  static func shownName(of name: String) -> String {
    isAddress(name) ? "<address>" : ErrorEnvelope.printable(name)
  }

  /// Ids are common names of columns, and say nothing about a person.
  private static func isAddress(_ name: String) -> Bool {
    ([name] + name.split(separator: ".").map(String.init)).contains { part in
      let kind = Identifier.kind(of: part)
      return kind == .email || kind == .phone
    }
  }

  /// Whether every value is one of these kinds; nulls do not count.
  public func isOnly(_ wanted: Kind...) -> Bool {
    let present = kinds.filter { $0 != .null }
    return !present.isEmpty && present.allSatisfy(wanted.contains)
  }

  /// The table's columns; names that differ in case alone are one.
  public static func all(of table: RowTable) -> [ColumnSummary] {
    var names: [String] = []
    var seen: Set<String> = []
    for column in table.columns where seen.insert(column.lowercased()).inserted {
      names.append(column)
    }
    var drafts = names.map(Draft.init)
    table.forEachRow(names) { values in
      for (index, value) in values.enumerated() { drafts[index].add(value) }
    }
    return drafts.map(\.summary)
  }

  private struct Draft {
    let name: String
    let isSuspicious: Bool
    var kinds: Set<Kind> = []
    var present = 0
    var values: Set<String> = []
    var examples: [String] = []
    var identifiers = 0

    init(_ name: String) {
      self.name = name
      isSuspicious = Identifier.isSuspicious(column: name)
    }

    mutating func add(_ value: RowValue) {
      guard let kind = Draft.kind(of: value) else { return }
      kinds.insert(kind)
      guard kind != .null else { return }
      present += 1
      guard let text = value.labelText else { return }
      if Identifier.kind(of: text) != nil { identifiers += 1 }
      guard values.count < ColumnSummary.mostDistinct, values.insert(text).inserted,
        examples.count < ColumnSummary.exampleCount
      else { return }
      let shown = isSuspicious ? "<\(kind.rawValue)>" : Identifier.masked(text)
      if !examples.contains(shown) { examples.append(shown) }
    }

    var summary: ColumnSummary {
      ColumnSummary(
        name: name,
        kinds: kinds.sorted(),
        present: present,
        distinct: values.count,
        examples: examples,
        isPersonal: isSuspicious || identifiers * 10 > present || ColumnSummary.isAddress(name)
      )
    }

    private static func kind(of value: RowValue) -> Kind? {
      switch value {
      case .missing: return nil
      case .null: return .null
      case .boolean: return .boolean
      case .number: return .number
      case .other: return .array
      case .text(let text):
        if value.number != nil { return .numericText }
        if ClockDuration.seconds(text) != nil { return .duration }
        return ISOTime.seconds(text) != nil ? .date : .text
      }
    }
  }
}
