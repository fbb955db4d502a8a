extension Section {
  /// Records an error where the key is absent; its value is read by another call.
  public func require(_ key: String) {
    if !has(key) { reportMissing(key) }
  }

  /// Whether the key's value is a mapping; the key counts as read.
  public func isMapping(_ key: String) -> Bool {
    guard let node = node(key) else { return false }
    if case .mapping = node.content { return true }
    return false
  }
}
