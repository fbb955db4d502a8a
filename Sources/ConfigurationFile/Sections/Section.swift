/// A mapping that is being decoded, which remembers what it was asked for.
///
/// Every reader returns nil where the key is absent and where its value is wrong; in the latter
/// case an error was recorded, so a caller may go on with a default and find all errors at once.
/// After the last key `finish()` reports those that nobody asked for.
///
/// ```swift
/// let interval = section.duration("interval", in: .seconds(1)...(.seconds(86_400))) ?? .seconds(60)
/// let key = section.requiredSecret("api_key")
/// section.finish()
/// ```
public final class Section {
  /// The mapping's path, such as `targets[0].sla`; empty at the root.
  public let path: String
  /// Where the mapping begins.
  public let mark: Mark
  private let context: DecodingContext
  private let entries: [String: Node.Entry]
  /// The keys in the file's order.
  public let keys: [String]
  /// Keys that were asked for, present or not: what a misspelt key may have meant.
  private var known: Set<String> = []
  /// Keys whose values were looked at.
  private var read: Set<String> = []

  init(entries: [Node.Entry], path: String, mark: Mark, context: DecodingContext) {
    self.path = path
    self.mark = mark
    self.context = context
    keys = entries.map(\.key)
    self.entries = Dictionary(entries.map { ($0.key, $0) }) { first, _ in first }
  }

  /// Where issues of this section are collected.
  public var diagnostics: Diagnostics { context.diagnostics }

  /// Whether the key is there, even without a value; this does not count as reading it.
  public func has(_ key: String) -> Bool {
    known.insert(key)
    return entry(key) != nil
  }

  /// The key with its value; nil if it is absent or counts as such.
  private func entry(_ key: String) -> Node.Entry? {
    entries[key].flatMap { context.nullIsAbsent && $0.value.isNull ? nil : $0 }
  }

  /// The path of a key of this section, as messages name it.
  public func keyPath(_ key: String) -> String {
    KeyPath.appending(key: key, to: path)
  }

  /// Where the key's value begins; the section's own mark if the key is absent.
  public func mark(of key: String) -> Mark {
    entry(key)?.value.mark ?? mark
  }

  /// The key's value as it was parsed, for what no reader fits; the key counts as read.
  public func node(_ key: String) -> Node? {
    field(key)?.node
  }

  /// Records an error at the key's value, or at the section.
  ///
  /// - Parameters:
  ///   - message: What is wrong, what was seen and what to do; never a secret.
  ///   - key: The key; it counts as read. Nil for the section.
  public func report(_ message: String, at key: String? = nil) {
    let (mark, keyPath) = place(of: key)
    diagnostics.report(message, at: mark, keyPath: keyPath)
  }

  /// Records a warning at the key's value, or at the section.
  ///
  /// - Parameters:
  ///   - message: What is doubtful and what to do; never a secret.
  ///   - key: The key; it counts as read. Nil for the section.
  public func warn(_ message: String, at key: String? = nil) {
    let (mark, keyPath) = place(of: key)
    diagnostics.warn(message, at: mark, keyPath: keyPath)
  }

  /// Records an error for every key that nobody read; sections below have their own `finish()`.
  public func finish() {
    let candidates = known.filter { entries[$0] == nil }.sorted()
    for key in keys where !read.contains(key) {
      var message = "unknown key"
      if let near = Suggestion.nearest(to: key, among: candidates) {
        message += "; did you mean \(Excerpt.quoted(near))?"
      }
      diagnostics.report(message, at: entries[key]?.keyMark, keyPath: keyPath(key))
    }
  }

  /// The key's value, or nil where the key is absent; the key counts as read.
  func field(_ key: String) -> Field? {
    known.insert(key)
    read.insert(key)
    return entry(key).map { Field(node: $0.value, path: keyPath(key), context: context) }
  }

  /// Counts every key as read: for a section whose kind is unknown, where none can be judged.
  public func ignoreRest() {
    read.formUnion(keys)
  }

  /// Records that a key is missing, at the section's place, with what to do.
  public func reportMissing(_ key: String, _ advice: String = "") {
    diagnostics.report("missing" + advice, at: mark, keyPath: keyPath(key))
  }

  private func place(of key: String?) -> (mark: Mark, keyPath: String) {
    guard let key else { return (mark, path) }
    known.insert(key)
    read.insert(key)
    return (mark(of: key), keyPath(key))
  }
}
