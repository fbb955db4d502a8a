import Exposition

/// A table's rows brought together by a mapping's labels.
struct RowGroups {
  private let mapping: RowMapping
  private var rowLabels: [RowLabel]
  /// In the order in which their labels came up.
  private(set) var groups: [RowGroup] = []
  /// For every group the number of each label's text, one after the other.
  private var numbers: [Int32] = []
  /// Rows whose value could not be read; rows without a value are none of them.
  private(set) var skipped = 0
  /// What the first of them has instead.
  private(set) var firstSkipped = ""
  /// Whether no row has the value's column.
  private(set) var lacksColumn = false
  /// Groups that were folded into one.
  var folded = 0
  /// What is doubtful about the mapping.
  var notes: [String] = []

  init(_ mapping: RowMapping, _ table: RowTable) {
    self.mapping = mapping
    rowLabels = mapping.labels.map {
      RowLabel($0, allowsIdentifiers: mapping.allowsIdentifiers)
    }
    read(table)
  }

  /// Why nothing may be shown, or nil.
  var refusal: String? {
    rowLabels.lazy.compactMap(\.refusal).first.map { "\(mapping.metric): \($0)" }
  }

  /// Label values that looked like identifiers and became `other`.
  var hiddenValues: Int { rowLabels.reduce(0) { $0 + $1.hidden } }

  /// Whether there are rows and none of them has a value that can be read, though not all are empty.
  var isUnreadable: Bool { groups.isEmpty && skipped > 0 }

  /// A group's labels; those without a value are left out.
  func labels(of group: Int) -> LabelSet {
    var labels: [Label] = []
    for (index, column) in mapping.labels.enumerated() {
      let number = numbers[group * mapping.labels.count + index]
      guard number != RowLabel.absent else { continue }
      labels.append(Label(name: column.label, value: rowLabels[index].texts[Int(number)]))
    }
    return LabelSet(labels)
  }

  private mutating func read(_ table: RowTable) {
    let labelCount = mapping.labels.count
    var names = mapping.labels.map(\.column)
    if let value = mapping.value { names.append(value) }
    var reader = RowReader(table, names)
    if table.rowCount > 0 {
      for (index, column) in mapping.labels.enumerated() where !reader.isKnown(index) {
        notes.append(
          "\(mapping.metric): the label \"\(column.label)\" is absent, for no row has a column "
            + "\"\(column.column)\"; explore lists the columns"
        )
      }
    }
    lacksColumn = mapping.value != nil && table.rowCount > 0 && !reader.isKnown(labelCount)
    // An object's members are columns of their own; where a number should be, it is no number.
    let path = mapping.value.map { $0.lowercased() + "." }
    let inner = Set(
      table.columns.indices.filter { index in
        path.map { table.columns[index].lowercased().hasPrefix($0) } ?? false
      }.map { UInt16($0) }
    )
    // A step a label: from the group of the labels so far and the next label's text to the next group.
    var steps = Array(repeating: [UInt64: Int32](), count: labelCount)
    var latest = Array(repeating: RowLabel.absent, count: labelCount)
    for row in 0..<table.rowCount {
      reader.read(row)
      var amount = 0.0
      if let column = mapping.value {
        let value = reader.value(labelCount)
        guard let number = mapping.format.number(value) else {
          let isObject = value == .missing && table.row(row).contains { inner.contains($0.column) }
          guard isObject || !value.isAbsent else { continue }
          if skipped == 0 {
            firstSkipped =
              "\(mapping.metric): \(column) of row \(row + 1) is \(isObject ? "an object" : value.shown), not "
              + mapping.format.article
          }
          skipped += 1
          continue
        }
        amount = number
      }
      var node: Int32 = 0
      for index in 0..<labelCount {
        let number = rowLabels[index].number(of: reader.value(index))
        let key = UInt64(UInt32(bitPattern: node)) << 32 | UInt64(UInt32(bitPattern: number))
        if let next = steps[index][key] {
          node = next
        } else {
          node = Int32(steps[index].count)
          steps[index][key] = node
        }
        latest[index] = number
      }
      if Int(node) == groups.count {
        groups.append(RowGroup())
        numbers += latest
      }
      groups[Int(node)].add(amount, row: row)
    }
    notes += rowLabels.filter { $0.refusal == nil }.compactMap(\.note).map {
      "\(mapping.metric): \($0)"
    }
    // No rows are 0 rows, and their sum is 0; what has labels has no series then.
    if labelCount == 0, table.rowCount == 0, [.count, .sum].contains(mapping.aggregate) {
      groups.append(RowGroup())
    }
  }
}

extension RowMapping.Format {
  /// The value in the family's unit before it is scaled, or nil.
  func number(_ value: RowValue) -> Double? {
    switch (self, value) {
    case (.number, _): return value.number
    case (.duration, .text(let text)): return ClockDuration.seconds(text)
    case (.duration, _): return nil
    case (.timestamp, .text(let text)):
      return ISOTime.seconds(text) ?? value.number.map(unixSeconds)
    case (.timestamp, _): return value.number.map(unixSeconds)
    }
  }

  /// What a value should have been.
  var article: String {
    switch self {
    case .number: "a number"
    case .duration: "a duration such as 00 00:17:25"
    case .timestamp: "a date"
    }
  }

  /// Milliseconds and seconds lie so far apart that the size tells them.
  private func unixSeconds(_ number: Double) -> Double {
    number > 1e11 ? number / 1000 : number
  }
}
