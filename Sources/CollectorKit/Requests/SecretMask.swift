import Exposition
import HTTPTransport
import Synchronization

/// Takes the secrets that requests carried out of what is said of the answers to them.
///
/// A vendor may quote what it was sent ("invalid key ..."), in its error, in a name that becomes a
/// label, or in a redirect's address. An answer itself is never changed before it is decoded: a
/// secret may also be a part of a number or of JSON's own text.
struct SecretMask: Sendable {
  /// Shorter values are words that a text may hold by chance.
  private static let shortestSecret = 6
  /// So many first bytes of a longer secret are hidden as well: texts are cut to a length.
  private static let shownAtMost = 15
  /// What these fields say is no secret.
  private static let openFields: Set<String> = ["accept", "content-type"]

  private let secrets: [[UInt8]]

  /// A mask for those secrets.
  init(_ secrets: [String]) {
    self.secrets = secrets.map { Array($0.utf8) }.filter { $0.count >= SecretMask.shortestSecret }
  }

  /// The secrets in a vendor's own fields.
  static func secrets(in fields: [HTTPField]) -> [String] {
    fields.filter { !openFields.contains($0.name.lowercased()) }.flatMap(secrets)
  }

  /// A field's value, and the credentials after the scheme in one such as `Authorization` (RFC 9110,
  /// section 11.4): a vendor quotes either.
  static func secrets(in field: HTTPField) -> [String] {
    let parts = field.value.split(separator: " ", maxSplits: 1)
    guard field.name.lowercased().hasSuffix("authorization"), parts.count == 2 else {
      return [field.value]
    }
    return [field.value, String(parts[1])]
  }

  /// Whether a field of that name holds a credential, wherever its value is from.
  static func isCredential(_ name: String) -> Bool {
    let lower = name.lowercased().replacing("_", with: "-")
    let words = Set(lower.split(separator: "-").map(String.init))
    return lower.hasSuffix("authorization")
      || !words.isDisjoint(with: ["auth", "cookie", "session", "signature", "credential"])
      || [
        "api-key", "apikey", "access-key", "auth-key", "subscription-key", "functions-key", "token",
        "secret", "password",
      ]
      .contains { lower.contains($0) }
  }

  /// Bytes with every secret replaced.
  static func masked(_ bytes: [UInt8], fields: [HTTPField]) -> [UInt8] {
    SecretMask(secrets(in: fields)).masked(bytes)
  }

  /// A text with every secret replaced.
  static func masked(_ text: String, fields: [HTTPField]) -> String {
    SecretMask(secrets(in: fields)).masked(text)
  }

  /// A text with every secret replaced.
  func masked(_ text: String) -> String {
    let bytes = Array(text.utf8)
    let result = masked(bytes)
    return result.count == bytes.count && result == bytes
      ? text : String(decoding: result, as: UTF8.self)
  }

  /// Labels with every secret in their values replaced; nil where there is none, as in nearly all.
  func masked(_ labels: LabelSet) -> LabelSet? {
    // No label is as long as most secrets.
    let shortest = secrets.map { min($0.count, SecretMask.shownAtMost + 1) }.min() ?? Int.max
    guard labels.labels.contains(where: { $0.value.utf8.count >= shortest }) else { return nil }
    let result = labels.labels.map { Label(name: $0.name, value: masked($0.value)) }
    return result == labels.labels ? nil : LabelSet(result)
  }

  private func masked(_ bytes: [UInt8]) -> [UInt8] {
    secrets.reduce(bytes) { SecretMask.masked($0, $1) ?? $0 }
  }

  /// The text with the secret replaced; nil where it does not hold it, as nearly every answer.
  ///
  /// One pass, whatever the answer: a vendor that repeats a secret a million times must not cost
  /// more than one that never does.
  private static func masked(_ text: [UInt8], _ secret: [UInt8]) -> [UInt8]? {
    var result: [UInt8] = []
    var copied = 0
    var index = 0
    while index < text.count {
      let byte = text[index]
      let isStart = byte == secret[0] || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "%")
      guard isStart, let end = end(of: secret, in: text, at: index) else {
        index += 1
        continue
      }
      result += text[copied..<index]
      result += "<secret>".utf8
      copied = end
      index = end
    }
    return copied == 0 ? nil : result + text[copied...]
  }

  /// Where the secret that begins at `start` ends, or so much of it that it counts; nil where
  /// something else is there.
  ///
  /// JSON has more than one way to write a character: PHP escapes `/`, Go `&`, and any may be
  /// `\u` and four digits (RFC 8259, section 7); a redirect's address has `%` and two (RFC 3986,
  /// section 2.1). The decoded text would show the secret again.
  private static func end(of secret: [UInt8], in text: [UInt8], at start: Int) -> Int? {
    var index = start
    for (count, byte) in secret.enumerated() {
      if index < text.count, text[index] == byte {
        index += 1
      } else if index < text.count, let next = endOfEscape(of: byte, in: text, at: index) {
        index = next
      } else {
        return count > shownAtMost ? index : nil
      }
    }
    return index
  }

  private static func endOfEscape(of byte: UInt8, in text: [UInt8], at start: Int) -> Int? {
    func isByte(_ first: Int, _ digits: Int) -> Int? {
      guard first + digits <= text.count else { return nil }
      let number = String(decoding: text[first..<(first + digits)], as: UTF8.self)
      return UInt16(number, radix: 16) == UInt16(byte) ? first + digits : nil
    }
    if text[start] == UInt8(ascii: "%") { return isByte(start + 1, 2) }
    guard text[start] == UInt8(ascii: "\\"), start + 1 < text.count else { return nil }
    if text[start + 1] == byte { return start + 2 }
    return text[start + 1] == UInt8(ascii: "u") ? isByte(start + 2, 4) : nil
  }
}

/// The secrets that one client has sent, which are kept out of everything that is said afterwards.
final class SentSecrets: Sendable {
  /// A token that is made for each request is of use no longer than that.
  private static let maximum = 100

  private let secrets = Mutex<[String]>([])

  func add(_ new: [String]) {
    secrets.withLock { secrets in
      for secret in new where !secrets.contains(secret) { secrets.append(secret) }
      if secrets.count > SentSecrets.maximum {
        secrets.removeFirst(secrets.count - SentSecrets.maximum)
      }
    }
  }

  var mask: SecretMask { SecretMask(secrets.withLock { $0 }) }
}
