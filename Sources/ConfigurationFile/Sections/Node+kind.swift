extension Node {
  /// What was seen, for messages; a value from the environment is named, never shown.
  var kind: String {
    switch content {
    case .mapping: "a mapping"
    case .sequence: "a list"
    case .invalid: "something unreadable"
    case .scalar(let scalar):
      if isNull {
        "nothing"
      } else if scalar.isSubstituted {
        "what the environment gives for \(Excerpt.quoted(scalar.source))"
      } else {
        Excerpt.quoted(scalar.text)
      }
    }
  }
}
