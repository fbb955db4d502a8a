/// Builds the tree of one document from events, and collects what the tree may not contain.
///
/// Anchors and aliases are refused, so a file can never stand for more than its own size.
struct NodeComposer {
  /// Deeper nesting than any configuration needs ends the reading.
  static let maximumDepth = 64

  private let parser: YAMLEventParser
  private let expansion: VariableExpansion?
  private let diagnostics: Diagnostics

  /// A composer of a parser's only document; without an expansion, `$` is an ordinary character.
  init(parser: YAMLEventParser, expansion: VariableExpansion?, diagnostics: Diagnostics) {
    self.parser = parser
    self.expansion = expansion
    self.diagnostics = diagnostics
  }

  /// The document's root, or nil for a file without any document.
  func document() throws(YAMLSyntaxError) -> Node? {
    _ = try parser.next()  // the stream's start
    let start = try parser.next()
    if case .streamEnd = start.kind { return nil }
    let root = try node(try parser.next(), path: "", depth: 1)
    _ = try parser.next()  // the document's end
    let end = try parser.next()
    guard case .streamEnd = end.kind else {
      throw YAMLSyntaxError(
        message: "a second YAML document begins here; the file must hold only one",
        mark: end.mark
      )
    }
    return root
  }

  private func node(
    _ event: YAMLEvent,
    path: String,
    depth: Int
  ) throws(YAMLSyntaxError) -> Node {
    guard depth <= Self.maximumDepth else {
      throw YAMLSyntaxError(
        message: "nested deeper than \(Self.maximumDepth) levels",
        mark: event.mark
      )
    }
    if event.hasAnchor {
      // The name is not told: an unquoted secret that begins with & looks like one.
      refuse("YAML anchors (&) are not supported; quote the value if it begins with &", event, path)
    }
    switch event.kind {
    case .scalar(let text, let isPlain):
      return scalar(text, isPlain: isPlain, event, path: path)
    case .sequenceStart:
      checkTag(of: event, allowed: ["seq"], path: path)
      return Node(content: .sequence(try items(path: path, depth: depth)), mark: event.mark)
    case .mappingStart:
      checkTag(of: event, allowed: ["map"], path: path)
      return Node(content: .mapping(try entries(path: path, depth: depth)), mark: event.mark)
    default:
      // Only an alias can stand where a node is due.
      refuse(
        "YAML aliases (*) are not supported; write the value out, or quote it if it begins with *",
        event,
        path
      )
      return Node(content: .invalid, mark: event.mark)
    }
  }

  private func scalar(_ text: String, isPlain: Bool, _ event: YAMLEvent, path: String) -> Node {
    let allowed = ["str", "int", "float", "bool", "null"]
    guard checkTag(of: event, allowed: allowed, path: path) else {
      return Node(content: .invalid, mark: event.mark)
    }
    var expanded = VariableExpansion.Result(text: text, isSubstituted: false, unset: [])
    if let expansion { expanded = expansion.expand(text) }
    for name in expanded.unset {
      refuse("the environment variable \(Excerpt.quoted(name)) is not set", event, path)
    }
    if let form = expanded.unsupported {
      refuse(
        "\(form) is not supported: only ${NAME} is replaced; write $$ for a dollar that is meant "
          + "as one",
        event,
        path
      )
    }
    guard expanded.unset.isEmpty, expanded.unsupported == nil else {
      return Node(content: .invalid, mark: event.mark)
    }
    let isText = event.tag == "!" || event.tag == Self.tagPrefix + "str"
    let scalar = Node.Scalar(
      text: expanded.text,
      source: text,
      isPlain: isPlain && !isText,
      isSubstituted: expanded.isSubstituted
    )
    return Node(content: .scalar(scalar), mark: event.mark)
  }

  private func items(path: String, depth: Int) throws(YAMLSyntaxError) -> [Node] {
    var items: [Node] = []
    while true {
      let event = try parser.next()
      if case .sequenceEnd = event.kind { return items }
      let itemPath = KeyPath.appending(index: items.count, to: path)
      items.append(try node(event, path: itemPath, depth: depth + 1))
    }
  }

  private func entries(path: String, depth: Int) throws(YAMLSyntaxError) -> [Node.Entry] {
    var entries: [Node.Entry] = []
    var places: [String: Mark] = [:]
    while true {
      let event = try parser.next()
      if case .mappingEnd = event.kind { return entries }
      let key = try key(event, path: path, depth: depth)
      let valuePath = key.map { KeyPath.appending(key: $0, to: path) } ?? path
      let value = try node(try parser.next(), path: valuePath, depth: depth + 1)
      guard let key else { continue }
      if let first = places[key] {
        refuse("duplicate key; it was given before at line \(first.line)", event, valuePath)
        continue
      }
      places[key] = event.mark
      entries.append(Node.Entry(key: key, keyMark: event.mark, value: value))
    }
  }

  /// The key's text, or nil if it cannot be a key and was reported.
  private func key(
    _ event: YAMLEvent,
    path: String,
    depth: Int
  ) throws(YAMLSyntaxError) -> String? {
    guard case .scalar(let text, let isPlain) = event.kind else {
      _ = try node(event, path: path, depth: depth + 1)
      refuse("a key must be text", event, path)
      return nil
    }
    if event.hasAnchor { refuse("YAML anchors (&) are not supported", event, path) }
    checkTag(of: event, allowed: ["str"], path: path)
    if isPlain, text == "<<" {
      refuse("YAML merge keys (<<) are not supported; write the keys out", event, path)
      return nil
    }
    guard !text.isEmpty else {
      refuse("a key is empty", event, path)
      return nil
    }
    return text
  }

  private static let tagPrefix = "tag:yaml.org,2002:"

  @discardableResult
  private func checkTag(of event: YAMLEvent, allowed: [String], path: String) -> Bool {
    guard let tag = event.tag, tag != "!" else { return true }
    if allowed.contains(where: { Self.tagPrefix + $0 == tag }) { return true }
    // Not quoted either: an unquoted secret that begins with ! looks like a tag.
    refuse("this YAML tag (!) is not supported; quote the value if it begins with !", event, path)
    return false
  }

  private func refuse(_ message: String, _ event: YAMLEvent, _ path: String) {
    diagnostics.report(message, at: event.mark, keyPath: path)
  }
}
