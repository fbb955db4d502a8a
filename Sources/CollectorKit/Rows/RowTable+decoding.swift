public import HTTPTransport

extension RowTable {
  /// Where an answer has its rows.
  public enum Place: Sendable {
    /// In the value at this path of members, such as `queryResponse`, `queryResponse`.
    case at([String])
    /// Somewhere below this path: the array of objects that is nested least, else an array, else the
    /// object itself.
    case below([String])

    var path: [String] {
      switch self {
      case .at(let path), .below(let path): path
      }
    }
  }

  /// Decodes an answer's table.
  ///
  /// An array's elements are rows; elements that are no objects have one column, `value`. An object
  /// with members is the only row. `null` and `{}` are a table without rows, there and anywhere on
  /// the path to it. A text, a number and a truth value are no table. The whole answer is checked,
  /// not only the rows.
  ///
  /// - Parameters:
  ///   - response: An answer with status 2xx.
  ///   - place: Where its rows are.
  ///   - endpoint: The request's name in errors.
  ///   - isRequired: Whether an answer without rows at that place is a failure; otherwise `isFound`
  ///     is false, and `failure(_:)` says why.
  /// - Returns: The rows, and what is known of the answer around them.
  /// - Throws: `CollectionError` with the reason `decode`, which says what was seen instead.
  public static func decode(
    from response: HTTPClientResponse,
    _ place: Place,
    endpoint: String,
    isRequired: Bool = true
  ) throws(CollectionError) -> RowTable {
    try PayloadDecoder.refuseNonJSON(response, endpoint: endpoint)
    let table: RowTable
    do {
      table = try RowTable(response.body, place, endpoint: endpoint)
    } catch {
      throw CollectionError(
        .decode,
        endpoint: endpoint,
        "the answer of \(response.body.count) bytes is not JSON at byte \(error.offset), or ends "
          + "too early"
      )
    }
    guard table.isFound || !isRequired else { throw table.failure(place) }
    return table
  }

  /// What an answer stands for whose rows were not found.
  public func failure(_ place: Place) -> CollectionError {
    let path = place.path.joined(separator: ".")
    let name = path.isEmpty ? "the answer" : "\"\(path)\""
    return CollectionError(
      .decode,
      endpoint: endpoint,
      misfit.map { "\(name) is \($0), not a list of rows" } ?? "the answer has no \"\(path)\""
    )
  }

  /// Decodes a table.
  init(_ bytes: [UInt8], _ place: Place, endpoint: String) throws(JSONSyntaxError) {
    var scan = RowTableScan(bytes, place)
    try scan.run()
    self.init(scan, bytes: bytes, endpoint: endpoint)
  }
}

/// One walk through an answer: down the path to the rows, and over everything else.
struct RowTableScan {
  /// Longer texts are no statuses or names, and a handful of members is all that an answer has.
  private static let longestScalar = 500
  private static let maximumMembers = 100

  private let place: RowTable.Place
  private var scanner: JSONScanner
  private(set) var builder: RowTableBuilder?
  private(set) var members: [String] = []
  private(set) var scalars: [String: String] = [:]

  init(_ bytes: [UInt8], _ place: RowTable.Place) {
    self.place = place
    scanner = JSONScanner(bytes)
  }

  mutating func run() throws(JSONSyntaxError) {
    try descend(depth: 0)
    guard scanner.isAtEnd() else { throw JSONSyntaxError(scanner.position) }
  }

  /// Whether the value that is next is null or an empty list.
  private func isNothing(_ kind: JSONScanner.Kind) throws(JSONSyntaxError) -> Bool {
    guard case .array = kind else {
      if case .null = kind { return true }
      return false
    }
    var ahead = scanner
    ahead.open()
    var isFirst = true
    return try !ahead.hasNext(&isFirst, closing: UInt8(ascii: "]"))
  }

  /// Goes into the value that is next, which lies so deep on the path.
  private mutating func descend(depth: Int) throws(JSONSyntaxError) {
    let path = place.path
    if depth == path.count, builder == nil {
      try rows()
      return
    }
    let kind = try scanner.kind()
    guard case .object = kind, builder == nil else {
      // Nothing on the way to the rows is no rows.
      if case .at = place, depth > 0, builder == nil, try isNothing(kind) {
        builder = RowTableBuilder()
      }
      try scanner.skipValue(depth: depth)
      return
    }
    scanner.open()
    var isFirst = true
    defer {
      if isFirst, case .at = place, depth > 0, builder == nil { builder = RowTableBuilder() }
    }
    while try scanner.hasNext(&isFirst, closing: UInt8(ascii: "}")) {
      let text = try scanner.name()
      let name = JSONString.decode(
        scanner.bytes,
        text.start,
        text.end,
        isEscaped: text.isEscaped
      )
      if depth == 0 { try note(name) }
      if name == path[depth] {
        try descend(depth: depth + 1)
      } else {
        try scanner.skipValue(depth: depth + 1)
      }
    }
  }

  private mutating func rows() throws(JSONSyntaxError) {
    var builder = RowTableBuilder()
    switch place {
    case .at:
      try builder.rows(&scanner)
    case .below:
      let start = scanner.position
      var search = RowSearch()
      try search.visit(&scanner, depth: 0)
      var second = JSONScanner(scanner.bytes, at: search.offset ?? start)
      try builder.rows(&second)
    }
    self.builder = builder
  }

  /// Keeps a top-level member's name, and its text where it is short and plain.
  private mutating func note(_ name: String) throws(JSONSyntaxError) {
    guard members.count < RowTableScan.maximumMembers else { return }
    members.append(name)
    var ahead = scanner
    switch try ahead.kind() {
    case .string:
      let text = try ahead.string()
      guard text.end - text.start <= RowTableScan.longestScalar else { return }
      scalars[name] = JSONString.decode(
        scanner.bytes,
        text.start,
        text.end,
        isEscaped: text.isEscaped
      )
    case .number, .yes, .no: scalars[name] = try ahead.scalar().labelText
    case .object, .array, .null: return
    }
  }
}

/// Looks for the rows where no document says where they are.
///
/// An answer with a member `data`, the documented place, has them there or nowhere.
private struct RowSearch {
  struct Candidate {
    let offset: Int
    let depth: Int
    let hasObjects: Bool
  }

  private(set) var best: Candidate?
  /// Where the outermost object's `data` is to be read.
  private var data: Int?
  private var hasData = false

  /// Where the rows are; nil for the whole value.
  var offset: Int? { hasData ? data : best?.offset }

  /// Walks over the value that is next and keeps the best array in it.
  mutating func visit(_ scanner: inout JSONScanner, depth: Int) throws(JSONSyntaxError) {
    guard depth <= JSONScanner.maximumDepth else { throw JSONSyntaxError(scanner.position) }
    var isFirst = true
    switch try scanner.kind() {
    case .array:
      let offset = scanner.position
      var hasObjects = false
      scanner.open()
      while try scanner.hasNext(&isFirst, closing: UInt8(ascii: "]")) {
        if case .object = try scanner.kind() { hasObjects = true }
        try visit(&scanner, depth: depth + 1)
      }
      offer(Candidate(offset: offset, depth: depth, hasObjects: hasObjects))
    case .object:
      scanner.open()
      while try scanner.hasNext(&isFirst, closing: UInt8(ascii: "}")) {
        let name = try scanner.name()
        if depth == 0, scanner.bytes[name.start..<name.end].elementsEqual("data".utf8) {
          try visitData(&scanner)
        } else {
          try visit(&scanner, depth: depth + 1)
        }
      }
    case .string, .number, .yes, .no, .null:
      try scanner.skipValue(depth: depth)
    }
  }

  private mutating func visitData(_ scanner: inout JSONScanner) throws(JSONSyntaxError) {
    let kind = try scanner.kind()
    let start = scanner.position
    hasData = true
    var inner = RowSearch()
    try inner.visit(&scanner, depth: 1)
    if let found = inner.best {
      data = found.offset
    } else if case .object = kind {
      var ahead = JSONScanner(scanner.bytes, at: start)
      ahead.open()
      var isFirst = true
      // One object with values is the only row, whose columns keep the path from above.
      if try !ahead.hasNext(&isFirst, closing: UInt8(ascii: "}")) { data = start }
    } else {
      data = start
    }
  }

  /// Objects before none, then the least nested, then the first.
  private mutating func offer(_ candidate: Candidate) {
    guard let known = best else {
      best = candidate
      return
    }
    if candidate.hasObjects != known.hasObjects {
      if candidate.hasObjects { best = candidate }
    } else if (candidate.depth, candidate.offset) < (known.depth, known.offset) {
      best = candidate
    }
  }
}
