extension Node {
  /// Equal for nodes with the same keys and values in the same order, wherever they stand.
  ///
  /// It holds the values, secrets among them: to be compared and never shown.
  public var fingerprint: String {
    switch content {
    case .scalar(let scalar):
      "\(scalar.isPlain ? "p" : "q")\(scalar.text.utf8.count):\(scalar.text)"
    case .sequence(let items): "[" + items.map(\.fingerprint).joined() + "]"
    case .mapping(let entries):
      "{" + entries.map { "\($0.key.utf8.count):\($0.key)=\($0.value.fingerprint)" }.joined() + "}"
    case .invalid: "!"
    }
  }
}
