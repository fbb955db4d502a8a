/// Puts a table together while its JSON is scanned.
struct RowTableBuilder {
  /// Columns beyond these are left out: a vendor's table has dozens.
  static let maximumColumns = 1000
  /// The column of elements that are no objects.
  private static let plainColumn = "value"

  private struct Column {
    let prefix: Int
    let name: [UInt8]
  }

  private(set) var columns: [String] = []
  private(set) var cells: [RowTable.Cell] = []
  private(set) var rowEnds: [UInt32] = []
  private(set) var isObject = false
  /// The text, number or truth value that came instead of rows.
  private(set) var misfit: String?
  private(set) var valuesLeftOut = 0

  private var known: [Column] = []
  private var positions: [String: Int] = [:]
  /// The dotted paths of nested objects, the empty one first.
  private var prefixes = [""]
  private var prefixPositions: [String: Int] = [:]
  /// Where the previous row starts and ends: most rows have the same columns in the same order.
  private var previous = 0..<0

  /// Takes the rows of the value that is next.
  ///
  /// An array's elements are rows and an object is the only row. `null` and an object without
  /// members have none. A text, a number and a truth value are a misfit.
  mutating func rows(_ scanner: inout JSONScanner) throws(JSONSyntaxError) {
    switch try scanner.kind() {
    case .array:
      scanner.open()
      var isFirst = true
      while try scanner.hasNext(&isFirst, closing: UInt8(ascii: "]")) { try row(&scanner) }
    case .null:
      // What a Go server writes for an empty list.
      try scanner.skipWord("null")
    case .object:
      isObject = true
      try row(&scanner)
      if cells.isEmpty {
        isObject = false
        rowEnds = []
      }
    case .number, .string, .yes, .no:
      misfit = try scanner.scalar().shown
    }
  }

  private mutating func row(_ scanner: inout JSONScanner) throws(JSONSyntaxError) {
    let start = cells.count
    if case .object = try scanner.kind() {
      try object(&scanner, prefix: 0, rowStart: start, depth: 0)
    } else {
      try value(&scanner, column: column(RowTableBuilder.plainColumn))
    }
    previous = start..<cells.count
    rowEnds.append(UInt32(cells.count))
  }

  private mutating func object(
    _ scanner: inout JSONScanner,
    prefix: Int,
    rowStart: Int,
    depth: Int
  ) throws(JSONSyntaxError) {
    guard depth < JSONScanner.maximumDepth else { throw JSONSyntaxError(scanner.position) }
    scanner.open()
    var isFirst = true
    while try scanner.hasNext(&isFirst, closing: UInt8(ascii: "}")) {
      let name = try scanner.name()
      if case .object = try scanner.kind() {
        if let nested = self.prefix(path(of: name, below: prefix, scanner.bytes)) {
          try object(&scanner, prefix: nested, rowStart: rowStart, depth: depth + 1)
        } else {
          try scanner.skipValue(depth: depth + 1)
          valuesLeftOut += 1
        }
      } else {
        let guess = previous.lowerBound + cells.count - rowStart
        try value(
          &scanner,
          column: column(name, prefix: prefix, guess: guess, bytes: scanner.bytes)
        )
      }
    }
  }

  /// Takes a value that is no object.
  private mutating func value(
    _ scanner: inout JSONScanner,
    column: Int?
  ) throws(JSONSyntaxError) {
    var kind = RowTable.Cell.Kind.other
    var payload: UInt64 = 0
    switch try scanner.kind() {
    case .string:
      let text = try scanner.string()
      kind = text.isEscaped ? .escapedText : .text
      payload = UInt64(text.start) << 32 | UInt64(text.end - text.start)
    case .number:
      let start = scanner.position
      if try scanner.number() != nil {
        kind = .number
        payload = UInt64(start) << 32 | UInt64(scanner.position - start)
      }
    case .yes:
      try scanner.skipWord("true")
      kind = .yes
    case .no:
      try scanner.skipWord("false")
      kind = .no
    case .null:
      try scanner.skipWord("null")
      kind = .null
    case .array, .object:
      try scanner.skipValue()
    }
    guard let column else {
      valuesLeftOut += 1
      return
    }
    cells.append(RowTable.Cell(column: UInt16(column), kind: kind, payload: payload))
  }

  /// The column of a member: the one that has its place in the previous row, or looked up.
  private mutating func column(
    _ name: JSONScanner.Text,
    prefix: Int,
    guess: Int,
    bytes: [UInt8]
  ) -> Int? {
    if !name.isEscaped, previous.contains(guess) {
      let position = Int(cells[guess].column)
      if known[position].prefix == prefix,
        known[position].name.elementsEqual(bytes[name.start..<name.end])
      {
        return position
      }
    }
    let raw = name.isEscaped ? nil : Array(bytes[name.start..<name.end])
    return column(path(of: name, below: prefix, bytes), prefix: prefix, raw: raw)
  }

  private mutating func column(_ path: String, prefix: Int = 0, raw: [UInt8]? = nil) -> Int? {
    if let position = positions[path] { return position }
    guard columns.count < RowTableBuilder.maximumColumns else { return nil }
    positions[path] = columns.count
    known.append(Column(prefix: prefix, name: raw ?? []))
    columns.append(path)
    return columns.count - 1
  }

  private func path(of name: JSONScanner.Text, below prefix: Int, _ bytes: [UInt8]) -> String {
    let text = JSONString.decode(bytes, name.start, name.end, isEscaped: name.isEscaped)
    return prefix == 0 ? text : prefixes[prefix] + "." + text
  }

  /// The place of a nested object; nil without room for its columns.
  private mutating func prefix(_ path: String) -> Int? {
    if let position = prefixPositions[path] { return position }
    guard prefixes.count <= RowTableBuilder.maximumColumns else { return nil }
    prefixPositions[path] = prefixes.count
    prefixes.append(path)
    return prefixes.count - 1
  }
}
