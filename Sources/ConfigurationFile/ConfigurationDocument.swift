/// A configuration file, parsed: a tree of values with their places, and nothing decoded yet.
///
/// ```swift
/// let document = try ConfigurationDocument.load(path: "config.yaml", environment: environment)
/// let diagnostics = Diagnostics(file: document.file)
/// let root = document.root(diagnostics)
/// let targets = root.sections("targets") ?? []
/// root.finish()
/// try diagnostics.throwIfErrors()
/// ```
public struct ConfigurationDocument: Sendable {
  /// A larger file is refused.
  public static let maximumSize = 4 << 20

  /// The file's path as it was given.
  public let file: String
  /// The absolute path of the file's folder, from which relative paths start.
  public let folder: String
  /// The root, always a mapping.
  public let node: Node
  /// What is wrong with the YAML itself but does not hinder reading on, such as a duplicate key.
  private let issues: [ConfigurationIssue]

  /// Reads and parses a file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - environment: The variables for `${NAME}`; nil leaves every `$` as it is.
  ///   - mayBeEmpty: Whether a file without a document is a mapping without keys.
  /// - Returns: The file's tree.
  /// - Throws: A file that cannot be read, is larger than 4 MiB, is not UTF-8, not valid YAML, or
  ///   not one mapping. What else is wrong is told by `root(_:)`.
  public static func load(
    path: String,
    environment: [String: String]?,
    mayBeEmpty: Bool = false
  ) throws(ConfigurationError) -> ConfigurationDocument {
    let contents: FileContents
    do {
      contents = try FileContents(path: path, limit: maximumSize, regularOnly: false)
    } catch {
      throw refusal(path, nil, "cannot be read: \(error.reason)")
    }
    return try ConfigurationDocument(
      bytes: contents.bytes,
      file: path,
      environment: environment,
      mayBeEmpty: mayBeEmpty
    )
  }

  /// Parses a text as if it were the contents of `file`, which need not exist.
  ///
  /// - Throws: The same as `load(path:environment:)`.
  public init(
    text: String,
    file: String,
    environment: [String: String]?,
    mayBeEmpty: Bool = false
  ) throws(ConfigurationError) {
    try self.init(
      bytes: Array(text.utf8),
      file: file,
      environment: environment,
      mayBeEmpty: mayBeEmpty
    )
  }

  /// Parses bytes as if they were the contents of `file`.
  init(
    bytes: [UInt8],
    file: String,
    environment: [String: String]?,
    mayBeEmpty: Bool = false
  ) throws(ConfigurationError) {
    self.file = file
    folder = FilePath.folder(of: file)
    guard bytes.count <= Self.maximumSize else {
      throw Self.refusal(file, nil, "larger than \(ByteCount.text(Self.maximumSize))")
    }
    let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let text = bytes.starts(with: byteOrderMark) ? Array(bytes.dropFirst(3)) : bytes
    do {
      _ = try UTF8Span(validating: text.span)
    } catch {
      let mark = Mark(offset: error.byteOffsets.lowerBound, in: text)
      throw Self.refusal(file, mark, "not UTF-8 text; save the file as UTF-8")
    }
    let diagnostics = Diagnostics(file: file)
    do throws(YAMLSyntaxError) {
      guard let parser = YAMLEventParser(text) else {
        throw YAMLSyntaxError(
          message: "not enough memory to read it",
          mark: Mark(line: 1, column: 1)
        )
      }
      let expansion = environment.map { VariableExpansion(environment: $0) }
      let composer = NodeComposer(
        parser: parser,
        expansion: expansion,
        diagnostics: diagnostics
      )
      node = try Self.mapping(composer.document(), mayBeEmpty: mayBeEmpty)
    } catch {
      diagnostics.report(error.message, at: error.mark, keyPath: "")
      throw ConfigurationError(issues: diagnostics.issues)
    }
    issues = diagnostics.issues
  }

  /// The root to decode from; also records what is wrong with the YAML itself.
  ///
  /// - Parameters:
  ///   - diagnostics: Where issues are collected.
  ///   - nullIsAbsent: Whether a key without a value counts as absent instead of an error.
  /// - Returns: The mapping of the whole file.
  public func root(_ diagnostics: Diagnostics, nullIsAbsent: Bool = false) -> Section {
    for issue in issues { diagnostics.record(issue) }
    var entries: [Node.Entry] = []
    if case .mapping(let content) = node.content { entries = content }
    return Section(
      entries: entries,
      path: "",
      mark: node.mark,
      context: DecodingContext(
        folder: folder,
        nullIsAbsent: nullIsAbsent,
        diagnostics: diagnostics
      )
    )
  }

  /// The file as YAML, to be shown: without comments, and with `<secret>` for what was read as one.
  ///
  /// - Parameter diagnostics: Those of a complete decoding, which know what was a secret.
  /// - Returns: YAML in block style; `${NAME}` stands as it does in the file.
  public func redactedText(_ diagnostics: Diagnostics) -> String {
    RedactedText(node, secretMarks: diagnostics.secretMarks).text
  }

  private static func mapping(_ root: Node?, mayBeEmpty: Bool) throws(YAMLSyntaxError) -> Node {
    guard let root, !root.isNull else {
      if mayBeEmpty {
        return Node(content: .mapping([]), mark: root?.mark ?? Mark(line: 1, column: 1))
      }
      throw YAMLSyntaxError(
        message: "holds no configuration; it must be a YAML mapping of keys to values",
        mark: root?.mark ?? Mark(line: 1, column: 1)
      )
    }
    guard case .mapping = root.content else {
      throw YAMLSyntaxError(
        message: "must be a YAML mapping of keys to values, not \(root.kind)",
        mark: root.mark
      )
    }
    return root
  }

  private static func refusal(
    _ file: String,
    _ mark: Mark?,
    _ message: String
  ) -> ConfigurationError {
    ConfigurationError(issues: [
      ConfigurationIssue(
        severity: .error,
        file: file,
        mark: mark,
        keyPath: "",
        message: message
      )
    ])
  }
}
