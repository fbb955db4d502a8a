/// A GraphQL query, as much of the language as clients of the analytics API use.
struct GraphQLQuery {
  /// What an argument is given: a variable's name or a value in the query's text.
  enum Argument {
    case variable(String)
    case literal(JSONValue)
  }

  /// A field with what is selected of it.
  struct Field {
    let name: String
    /// The name in the answer: the alias where there is one.
    let key: String
    let arguments: [(name: String, value: Argument)]
    let selections: [Selection]
  }

  /// A field, or fields for one type only.
  enum Selection {
    case field(Field)
    case fragment(type: String?, selections: [Selection])
  }

  let operation: String?
  /// The variables and their types as written, `ID!`.
  let variables: [(name: String, type: String)]
  let selections: [Selection]

  init(parsing text: String) throws(GraphQLProblem) {
    var parser = GraphQLParser(tokens: try GraphQLToken.tokens(of: text))
    (operation, variables) = try parser.header()
    selections = try parser.selectionSet()
    try parser.end()
  }
}

/// Why a query cannot be answered; GraphQL puts the message into `errors`.
struct GraphQLProblem: Error {
  let message: String
}
