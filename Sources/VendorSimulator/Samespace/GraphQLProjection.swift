/// Cuts a whole object down to what a query selects, as a GraphQL server does.
enum GraphQLProjection {
  static func project(
    _ value: JSONValue,
    _ selections: [GraphQLQuery.Selection],
    field: String
  ) throws(GraphQLProblem) -> JSONValue {
    switch value {
    case .array(let elements):
      var projected: [JSONValue] = []
      for element in elements {
        projected.append(try project(element, selections, field: field))
      }
      return .array(projected)
    case .object(let members):
      guard !selections.isEmpty else {
        throw GraphQLProblem(message: "Field \"\(field)\" must have a selection of subfields.")
      }
      return .object(try select(selections, from: members))
    case .null: return .null
    case .bool, .integer, .number, .string:
      guard selections.isEmpty else {
        throw GraphQLProblem(
          message: "Field \"\(field)\" must not have a selection since it has no subfields."
        )
      }
      return value
    }
  }

  private static func select(
    _ selections: [GraphQLQuery.Selection],
    from members: [JSONValue.Member]
  ) throws(GraphQLProblem) -> [JSONValue.Member] {
    let type = members.first { $0.name == "__typename" }?.value.text ?? ""
    var selected: [JSONValue.Member] = []
    for selection in selections {
      switch selection {
      case .field(let field):
        guard let member = members.first(where: { $0.name == field.name }) else {
          throw GraphQLProblem(
            message: "Cannot query field \"\(field.name)\" on type \"\(type)\"."
          )
        }
        let value = try project(member.value, field.selections, field: field.name)
        if !selected.contains(where: { $0.name == field.key }) {
          selected.append(JSONValue.Member(name: field.key, value: value))
        }
      case .fragment(let wanted, let inner):
        guard wanted == nil || wanted == type else { continue }
        for member in try select(inner, from: members)
        where !selected.contains(where: { $0.name == member.name }) {
          selected.append(member)
        }
      }
    }
    return selected
  }
}
