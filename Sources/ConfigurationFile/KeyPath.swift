/// Builds the paths by which messages name keys: `targets[0].labels["a.b"]`.
enum KeyPath {
  /// The path of a key of the mapping at `path`.
  static func appending(key: String, to path: String) -> String {
    let isSimple = key.unicodeScalars.allSatisfy { character in
      switch character {
      case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
      default: false
      }
    }
    guard isSimple, key.unicodeScalars.count <= Excerpt.maximumLength, !key.isEmpty else {
      return path + "[" + Excerpt.quoted(key) + "]"
    }
    return path.isEmpty ? key : path + "." + key
  }

  /// The path of an item of the list at `path`.
  static func appending(index: Int, to path: String) -> String {
    "\(path)[\(index)]"
  }
}
