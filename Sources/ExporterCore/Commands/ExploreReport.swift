import CollectorKit

/// What `explore` prints about one table.
struct ExploreReport: Sendable {
  private let explored: ExploredTable

  init(_ explored: ExploredTable) {
    self.explored = explored
  }

  var lines: [String] {
    let table = explored.table
    let columns = ColumnSummary.all(of: table)
    let content =
      table.isObject
      ? "an object of \(counted(columns.count, "value"))"
      : "\(counted(table.rowCount, "row")), \(counted(columns.count, "column"))"
    var lines = ["\(explored.title): \(content)"]
    guard !columns.isEmpty else {
      return lines + ["Nothing to map: try again when there is something to see."]
    }
    lines += [""] + grid(columns) + ["", "A mapping to begin with:", ""]
    let suggestion = MappingSuggestion(
      columns: columns,
      metric: explored.metric,
      what: explored.title,
      isObject: table.isObject
    )
    let last = explored.place.last ?? ""
    let depth = last.prefix { $0 == " " || $0 == "-" }.count
    let indentation = String(repeating: " ", count: depth)
    lines += explored.place
    lines.append(indentation + "mapping:")
    lines += suggestion.lines.map { indentation + "  " + $0 }
    let hidden = columns.filter(\.isPersonal).map(\.name)
    if !hidden.isEmpty {
      lines += ["", "Identifiers, refused as labels: \(hidden.joined(separator: ", "))"]
    }
    return lines
  }

  private func counted(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  /// The columns as a table of text.
  private func grid(_ columns: [ColumnSummary]) -> [String] {
    var rows = [["column", "type", "present", "distinct", "examples"]]
    for column in columns {
      let isMany = column.distinct >= ColumnSummary.mostDistinct
      rows.append([
        ErrorEnvelope.printable(column.name),
        column.kinds.map(\.rawValue).joined(separator: ", "),
        String(column.present),
        isMany ? "\(column.distinct) or more" : String(column.distinct),
        column.examples.joined(separator: ", "),
      ])
    }
    let widths = rows[0].indices.map { index in rows.map { $0[index].count }.max() ?? 0 }
    return rows.map { row in
      let cells = row.enumerated().map { index, cell in
        cell + String(repeating: " ", count: widths[index] - cell.count)
      }
      let line = cells.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }
}
