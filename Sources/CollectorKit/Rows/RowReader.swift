/// Reads chosen columns of a table row by row.
///
/// A column is found by its exact name, else whatever its case: vendors write `metricType` in one
/// row and `metrictype` in the next.
struct RowReader {
  private struct Target {
    let slot: Int
    let isExact: Bool
  }

  private let table: RowTable
  /// For every column of the table who wants it.
  private let targets: [[Target]]
  private var cells: [RowTable.Cell?]
  private var isExact: [Bool]

  init(_ table: RowTable, _ names: [String]) {
    self.table = table
    let folded = names.map { $0.lowercased() }
    targets = table.columns.map { column in
      let lower = column.lowercased()
      return names.indices.compactMap { slot in
        folded[slot] == lower ? Target(slot: slot, isExact: names[slot] == column) : nil
      }
    }
    cells = Array(repeating: nil, count: names.count)
    isExact = Array(repeating: false, count: names.count)
  }

  /// Whether any row has a column with that place in the list of names.
  func isKnown(_ slot: Int) -> Bool {
    targets.contains { $0.contains { $0.slot == slot } }
  }

  /// Takes up a row; a name that is there twice counts with its last value.
  mutating func read(_ row: Int) {
    for slot in cells.indices {
      cells[slot] = nil
      isExact[slot] = false
    }
    for cell in table.row(row) {
      for target in targets[Int(cell.column)] where target.isExact || !isExact[target.slot] {
        cells[target.slot] = cell
        isExact[target.slot] = target.isExact
      }
    }
  }

  /// The present row's value for a name, by its place in the list of names.
  func value(_ slot: Int) -> RowValue {
    cells[slot].map(table.value) ?? .missing
  }
}
