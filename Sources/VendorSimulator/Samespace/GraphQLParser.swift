/// Recursive descent over a query's tokens.
struct GraphQLParser {
  /// Selections nested deeper than this are refused.
  private static let maxDepth = 32

  let tokens: [GraphQLToken]
  private var index = 0
  private var depth = 0

  init(tokens: [GraphQLToken]) {
    self.tokens = tokens
  }

  /// `query Name($id: String, …)`, or nothing before the first brace.
  mutating func header() throws(GraphQLProblem) -> (String?, [(name: String, type: String)]) {
    guard !isNext("{") else { return (nil, []) }
    guard try name() == "query" else {
      throw GraphQLProblem(message: "Only queries are supported.")
    }
    var operation: String?
    if case .name = peek { operation = try name() }
    var variables: [(name: String, type: String)] = []
    if take("(") {
      while !take(")") {
        try expect("$")
        let variable = try name()
        try expect(":")
        variables.append((variable, try type()))
        if take("=") { _ = try value() }
      }
    }
    return (operation, variables)
  }

  mutating func selectionSet() throws(GraphQLProblem) -> [GraphQLQuery.Selection] {
    depth += 1
    defer { depth -= 1 }
    guard depth <= GraphQLParser.maxDepth else {
      throw GraphQLProblem(message: "The query is nested too deeply.")
    }
    try expect("{")
    var selections: [GraphQLQuery.Selection] = []
    while !take("}") {
      selections.append(take("...") ? try fragment() : .field(try field()))
    }
    guard !selections.isEmpty else { throw unexpected() }
    return selections
  }

  func end() throws(GraphQLProblem) {
    guard peek == nil else {
      throw GraphQLProblem(message: "Only one operation without named fragments is supported.")
    }
  }

  private mutating func fragment() throws(GraphQLProblem) -> GraphQLQuery.Selection {
    var type: String?
    if case .name = peek {
      guard try name() == "on" else {
        throw GraphQLProblem(message: "Named fragments are not supported.")
      }
      type = try name()
    }
    return .fragment(type: type, selections: try selectionSet())
  }

  private mutating func field() throws(GraphQLProblem) -> GraphQLQuery.Field {
    let key = try name()
    let name = take(":") ? try name() : key
    var arguments: [(name: String, value: GraphQLQuery.Argument)] = []
    if take("(") {
      while !take(")") {
        let argument = try self.name()
        try expect(":")
        arguments.append((argument, try value()))
      }
    }
    return GraphQLQuery.Field(
      name: name,
      key: key,
      arguments: arguments,
      selections: isNext("{") ? try selectionSet() : []
    )
  }

  private mutating func value() throws(GraphQLProblem) -> GraphQLQuery.Argument {
    if take("$") { return .variable(try name()) }
    switch peek {
    case .string(let text):
      index += 1
      return .literal(.string(text))
    case .number(let digits):
      index += 1
      guard let number = Double(digits) else { throw unexpected() }
      return .literal(Int(digits).map { .integer($0) } ?? .number(number))
    case .name(let word):
      index += 1
      let words: [String: JSONValue] = ["true": true, "false": false, "null": .null]
      return .literal(words[word] ?? .string(word))
    case .punctuator("["): return .literal(try list())
    case .punctuator, nil: throw unexpected()
    }
  }

  private mutating func list() throws(GraphQLProblem) -> JSONValue {
    depth += 1
    defer { depth -= 1 }
    guard depth <= GraphQLParser.maxDepth else {
      throw GraphQLProblem(message: "The query is nested too deeply.")
    }
    try expect("[")
    var elements: [JSONValue] = []
    while !take("]") {
      guard case .literal(let element) = try value() else { throw unexpected() }
      elements.append(element)
    }
    return .array(elements)
  }

  /// `ID!` or `[FilterInput!]`, as it is written.
  private mutating func type() throws(GraphQLProblem) -> String {
    var text = ""
    if take("[") {
      text = "[\(try name())\(take("!") ? "!" : "")]"
      try expect("]")
    } else {
      text = try name()
    }
    return take("!") ? text + "!" : text
  }

  private var peek: GraphQLToken? {
    tokens.indices.contains(index) ? tokens[index] : nil
  }

  private func isNext(_ punctuator: String) -> Bool {
    peek == .punctuator(punctuator)
  }

  private mutating func take(_ punctuator: String) -> Bool {
    guard isNext(punctuator) else { return false }
    index += 1
    return true
  }

  private mutating func expect(_ punctuator: String) throws(GraphQLProblem) {
    guard take(punctuator) else { throw unexpected() }
  }

  private mutating func name() throws(GraphQLProblem) -> String {
    guard case .name(let name) = peek else { throw unexpected() }
    index += 1
    return name
  }

  private func unexpected() -> GraphQLProblem {
    guard let token = peek else {
      return GraphQLProblem(message: "Syntax Error: Unexpected <EOF>.")
    }
    switch token {
    case .name(let text):
      return GraphQLProblem(message: "Syntax Error: Unexpected Name \"\(text)\".")
    case .string: return GraphQLProblem(message: "Syntax Error: Unexpected String.")
    case .number: return GraphQLProblem(message: "Syntax Error: Unexpected Number.")
    case .punctuator(let text):
      return GraphQLProblem(message: "Syntax Error: Unexpected \"\(text)\".")
    }
  }
}
