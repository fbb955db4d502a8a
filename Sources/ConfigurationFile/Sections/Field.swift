/// A value that is being decoded: a key's, or a list's item, with the path that messages name.
struct Field {
  let node: Node
  let path: String
  let context: DecodingContext

  /// Records an error at this value.
  func report(_ message: String) {
    context.diagnostics.report(message, at: node.mark, keyPath: path)
  }

  /// Records that the value is not what it must be, and shows what it is.
  func reportMismatch(_ expected: String) {
    report("must be \(expected), not \(node.kind)")
  }

  /// Whether there is a value; records an error where a key stands without one.
  func hasValue() -> Bool {
    if node.isNull {
      report("has no value")
      return false
    }
    return true
  }

  /// The scalar; records an error if this is something else.
  func scalar(_ expected: String) -> Node.Scalar? {
    guard hasValue() else { return nil }
    switch node.content {
    case .scalar(let scalar): return scalar
    case .invalid: return nil
    case .sequence, .mapping:
      reportMismatch(expected)
      return nil
    }
  }

  /// The list's items; records an error if this is something else.
  func items(_ expected: String) -> [Field]? {
    guard hasValue() else { return nil }
    switch node.content {
    case .sequence(let nodes):
      return nodes.enumerated().map { index, node in
        Field(node: node, path: KeyPath.appending(index: index, to: path), context: context)
      }
    case .invalid: return nil
    case .scalar, .mapping:
      reportMismatch(expected)
      return nil
    }
  }

  /// The mapping's entries; records an error if this is something else.
  func entries(_ expected: String) -> [(entry: Node.Entry, field: Field)]? {
    guard hasValue() else { return nil }
    switch node.content {
    case .mapping(let entries):
      return entries.map { entry in
        let path = KeyPath.appending(key: entry.key, to: path)
        return (entry, Field(node: entry.value, path: path, context: context))
      }
    case .invalid: return nil
    case .scalar, .sequence:
      reportMismatch(expected)
      return nil
    }
  }

  /// The mapping as a section; records an error if this is something else.
  func section() -> Section? {
    guard let entries = entries("a mapping of keys to values") else { return nil }
    return Section(entries: entries.map(\.entry), path: path, mark: node.mark, context: context)
  }
}
