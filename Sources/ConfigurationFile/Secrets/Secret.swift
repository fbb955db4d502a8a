/// A password, key or token, given directly or by a file; prints as `<secret>` everywhere.
///
/// A file is read again at each use, so that rotating a key needs no reload.
public struct Secret: Sendable, Hashable {
  /// No credential is larger.
  static let maximumSize = 64 << 10

  private enum Storage: Sendable, Hashable {
    case value(String)
    case file(String)
  }

  private let storage: Storage

  /// A secret that stands in the configuration or came from the environment.
  public init(_ value: String) {
    storage = .value(value)
  }

  /// A secret that is read from a file each time it is used.
  ///
  /// - Parameter file: The file's absolute path.
  public init(file: String) {
    storage = .file(file)
  }

  /// The file's path; nil for a secret given directly.
  public var file: String? {
    guard case .file(let path) = storage else { return nil }
    return path
  }

  /// The secret itself, read afresh if it is in a file; one trailing newline is dropped.
  ///
  /// - Throws: An unreadable file, and content that is empty, not UTF-8, or has a line break or a
  ///   NUL in it, which could break out of a header.
  public func value() throws(SecretError) -> String {
    switch storage {
    case .value(let text):
      if let reason = Self.fault(in: text) { throw SecretError(file: nil, reason: reason) }
      return text
    case .file(let path):
      return try Self.read(path).text
    }
  }

  /// Reads a file's secret and its permission bits.
  static func read(_ path: String) throws(SecretError) -> (text: String, mode: UInt32) {
    let contents: FileContents
    do {
      contents = try FileContents(path: path, limit: maximumSize, regularOnly: true)
    } catch {
      throw SecretError(file: path, reason: "cannot be read: \(error.reason)")
    }
    var bytes = contents.bytes[...]
    // Editors on Windows write one in front of UTF-8; it is part of no secret.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw SecretError(file: path, reason: "is UTF-16 text; save it as UTF-8")
    }
    if bytes.last == UInt8(ascii: "\n") {
      bytes.removeLast()
      if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw SecretError(file: path, reason: "is not UTF-8 text")
    }
    if let reason = fault(in: text) { throw SecretError(file: path, reason: reason) }
    return (text, contents.mode)
  }

  private static func fault(in text: String) -> String? {
    if text.isEmpty { return "is empty" }
    if text.unicodeScalars.allSatisfy(isInvisible) {
      return "is blank: it has only spaces or other invisible characters"
    }
    if text.unicodeScalars.first == "\u{FEFF}" {
      return "begins with a byte order mark (U+FEFF); remove it"
    }
    let isBroken = text.utf8.contains { byte in
      byte == 0 || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }
    return isBroken ? "must be one line of text, but has a line break or a NUL in it" : nil
  }

  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || scalar.properties.isDefaultIgnorableCodePoint
  }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Always `<secret>`.
  public var description: String { "<secret>" }

  /// Always `<secret>`.
  public var debugDescription: String { "<secret>" }

  /// A mirror without children, so that `dump` shows nothing either.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
