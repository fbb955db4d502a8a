/// A value of a YAML file together with the place where it begins.
public struct Node: Sendable {
  /// What a node holds.
  public enum Content: Sendable {
    /// Text, quoted or not.
    case scalar(Scalar)
    /// A list.
    case sequence([Node])
    /// Keys and values in the file's order, without duplicates.
    case mapping([Entry])
    /// What could not be taken and was reported where it stands, such as an alias.
    case invalid
  }

  /// A text whose variables have been replaced.
  public struct Scalar: Sendable {
    /// The text after substitution.
    public let text: String
    /// The text as it stands in the file.
    public let source: String
    /// Whether it was written without quotes, so that `true` and `~` have their meaning.
    public let isPlain: Bool
    /// Whether part of the text came from the environment.
    public let isSubstituted: Bool
  }

  /// A key with its place and its value.
  public struct Entry: Sendable {
    /// The key's text.
    public let key: String
    /// Where the key begins.
    public let keyMark: Mark
    /// The key's value.
    public let value: Node
  }

  /// What the node holds.
  public let content: Content
  /// Where the node begins.
  public let mark: Mark

  /// Whether this is YAML's null: nothing at all, `~` or `null`, unquoted.
  public var isNull: Bool {
    guard case .scalar(let scalar) = content, scalar.isPlain, !scalar.isSubstituted else {
      return false
    }
    return ["", "~", "null", "Null", "NULL"].contains(scalar.text)
  }
}

extension Node.Scalar: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Never the text: nobody knows yet whether it is a secret.
  public var description: String { "<scalar>" }

  /// The same as `description`.
  public var debugDescription: String { description }

  /// A mirror without children, so that `dump` shows nothing either.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
