/// A vendor's table: rows of named values, decoded once from JSON.
///
/// Rows need not have the same columns. Members of nested objects are columns with a dotted path
/// (`client.name`). The values stay in the answer's own bytes until somebody wants one of them: a
/// value costs 16 bytes beside them.
///
/// ```swift
/// let table = try RowTable.decode(from: response, .at(["cardContent"]), endpoint: endpoint)
/// let values = RowMapper(mapping).values(of: table, labels: ["view": "all"], bucket: nil)
/// ```
public struct RowTable: Sendable {
  /// One value of a row.
  struct Cell: Sendable {
    enum Kind: UInt8, Sendable {
      case null, no, yes, number, text, escapedText
      /// An array, or a number beyond any `Double`.
      case other
    }

    let column: UInt16
    let kind: Kind
    /// The start and length in the bytes of a number or a text.
    let payload: UInt64

    /// The first byte of a number or a text.
    var start: Int { Int(payload >> 32) }
    /// The byte after a number or a text.
    var end: Int { start + Int(payload & 0xFFFF_FFFF) }
    /// Whether the payload is a place in the bytes.
    var hasPlace: Bool { kind == .number || kind == .text || kind == .escapedText }
  }

  /// The request's name in errors.
  public let endpoint: String
  /// The names of all columns in the order in which they came up, as the vendor writes them.
  public let columns: [String]
  /// Whether the content was one object instead of an array: it is then the only row.
  public let isObject: Bool
  /// Whether the answer has rows, or none of them, at the place that was asked for.
  public let isFound: Bool
  /// The text, number or truth value that the answer has there instead, as messages show it.
  let misfit: String?
  /// The names of the answer's top-level members.
  public let members: [String]
  /// The text of the answer's top-level members that are strings, numbers or truth values.
  public let scalars: [String: String]
  /// Values that had no room: their columns came up after the first thousand.
  public let valuesLeftOut: Int

  private let bytes: [UInt8]
  private let cells: [Cell]
  private let rowEnds: [UInt32]

  init(_ scan: RowTableScan, bytes: [UInt8], endpoint: String) {
    let builder = scan.builder ?? RowTableBuilder()
    self.endpoint = endpoint
    isFound = scan.builder != nil && builder.misfit == nil
    misfit = builder.misfit
    columns = builder.columns
    isObject = builder.isObject
    valuesLeftOut = builder.valuesLeftOut
    cells = builder.cells
    rowEnds = builder.rowEnds
    self.bytes = bytes
    members = scan.members
    scalars = scan.scalars
  }

  /// How many rows there are.
  public var rowCount: Int { rowEnds.count }

  /// The values of a row, in the answer's order.
  func row(_ index: Int) -> ArraySlice<Cell> {
    let start = index == 0 ? 0 : Int(rowEnds[index - 1])
    return cells[start..<Int(rowEnds[index])]
  }

  /// What a cell holds.
  func value(_ cell: Cell) -> RowValue {
    switch cell.kind {
    case .null: .null
    case .no: .boolean(false)
    case .yes: .boolean(true)
    case .number: JSONScanner.number(bytes, cell.start, cell.end)
    case .text, .escapedText:
      .text(
        JSONString.decode(bytes, cell.start, cell.end, isEscaped: cell.kind == .escapedText)
      )
    case .other: .other
    }
  }

  /// A digest of every row's columns and values, to compare the rows of two tables.
  ///
  /// - Parameter hasNumbers: Whether the numbers are a part of it, and the texts that are one:
  ///   without them a row is the same while its totals go on.
  /// - Returns: A digest a row, in order.
  public func digests(hasNumbers: Bool) -> [Int] {
    (0..<rowCount).map { index in
      var hasher = Hasher()
      for cell in row(index) {
        hasher.combine(columns[Int(cell.column)])
        hasher.combine(cell.kind == .escapedText ? .text : cell.kind)
        guard cell.hasPlace, hasNumbers || value(cell).number == nil else { continue }
        hasher.combine(bytes[cell.start..<cell.end])
      }
      return hasher.finalize()
    }
  }

  /// Calls the closure with the chosen columns' values of every row, in order.
  ///
  /// - Parameters:
  ///   - names: The columns; their case does not matter.
  ///   - body: Takes a row's values in the order of the names.
  public func forEachRow(_ names: [String], _ body: ([RowValue]) -> Void) {
    var reader = RowReader(self, names)
    for row in 0..<rowCount {
      reader.read(row)
      body(names.indices.map { reader.value($0) })
    }
  }

  /// Every value of the only row of an object, with its dotted path, in order.
  public var leaves: [(path: String, value: RowValue)] {
    guard isObject, rowCount == 1 else { return [] }
    return row(0).map { (columns[Int($0.column)], value($0)) }
  }
}

extension RowTable {
  /// One table of several, such as the pages of a long one: their rows one after the other.
  ///
  /// What is known of the answer around the rows is the first one's.
  public init(joining tables: [RowTable]) {
    var columns: [String] = []
    var positions: [String: Int] = [:]
    var cells: [Cell] = []
    var rowEnds: [UInt32] = []
    var bytes: [UInt8] = []
    var valuesLeftOut = 0
    for table in tables {
      let places = table.columns.map { name -> Int? in
        if let position = positions[name] { return position }
        guard columns.count < RowTableBuilder.maximumColumns else { return nil }
        positions[name] = columns.count
        columns.append(name)
        return columns.count - 1
      }
      for row in 0..<table.rowCount {
        for cell in table.row(row) {
          guard let place = places[Int(cell.column)] else {
            valuesLeftOut += 1
            continue
          }
          let shift = cell.hasPlace ? UInt64(bytes.count) << 32 : 0
          cells.append(
            Cell(column: UInt16(place), kind: cell.kind, payload: cell.payload + shift)
          )
        }
        rowEnds.append(UInt32(cells.count))
      }
      bytes += table.bytes
      valuesLeftOut += table.valuesLeftOut
    }
    self.columns = columns
    self.cells = cells
    self.rowEnds = rowEnds
    self.bytes = bytes
    self.valuesLeftOut = valuesLeftOut
    endpoint = tables.first?.endpoint ?? ""
    misfit = nil
    isObject = tables.count == 1 && tables[0].isObject
    isFound = tables.allSatisfy(\.isFound)
    members = tables.first?.members ?? []
    scalars = tables.first?.scalars ?? [:]
  }
}

/// What a row has in a column.
public enum RowValue: Sendable, Equatable {
  /// The row has no such column.
  case missing
  case null
  case boolean(Bool)
  /// A finite number, and the text that the vendor wrote: `1.0` is not `1` in a label.
  case number(Double, text: String)
  case text(String)
  /// An array, or a number beyond any `Double`.
  case other

  /// The number, or the number that a text stands for; nil for everything else.
  public var number: Double? {
    switch self {
    case .number(let value, _): value
    case .text(let text): JSONNumber.decimal(text.trimmingSpaces())
    case .missing, .null, .boolean, .other: nil
    }
  }

  /// Whether there is no value: no such column, `null`, an empty text or `-`.
  var isAbsent: Bool {
    switch self {
    case .missing, .null: true
    case .text(let text): ["", "-"].contains(text.trimmingSpaces())
    case .boolean, .number, .other: false
    }
  }

  /// The value as messages show it: what is or may be personal is masked.
  var shown: String {
    switch self {
    case .missing: "missing"
    case .null: "null"
    case .boolean(let flag): "\(flag)"
    case .number(_, let text): "the number \(ErrorEnvelope.printable(String(text.prefix(40))))"
    case .text(let text): "\"\(Identifier.masked(text))\""
    case .other: "an array or no finite number"
    }
  }

  /// The value as a label's text, to the digit; nil where there is none, as for an empty text.
  public var labelText: String? {
    switch self {
    case .text(let text): text.isEmpty ? nil : text
    case .number(_, let text): text
    case .boolean(let value): "\(value)"
    case .missing, .null, .other: nil
    }
  }
}
