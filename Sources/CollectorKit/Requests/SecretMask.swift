import HTTPTransport

/// Takes the secrets that a request carried out of the vendor's answer to it.
///
/// A vendor may quote what it was sent ("invalid key ..."), in the body or in a redirect's address;
/// its answers become log lines and label values, where no secret may stand.
enum SecretMask {
  /// Shorter values are words that an answer may hold by chance.
  private static let shortestSecret = 6
  /// What these fields say is no secret.
  private static let openFields: Set<String> = ["accept", "content-type"]

  /// The body with every value of the request's fields replaced.
  static func masked(_ body: [UInt8], fields: [HTTPField]) -> [UInt8] {
    var result = body
    for field in fields where !openFields.contains(field.name.lowercased()) {
      let secret = Array(field.value.utf8)
      guard secret.count >= shortestSecret else { continue }
      if let masked = masked(result, secret) { result = masked }
    }
    return result
  }

  /// A text of the answer, such as the address of a redirect, with every such value replaced.
  static func masked(_ text: String, fields: [HTTPField]) -> String {
    String(decoding: masked(Array(text.utf8), fields: fields), as: UTF8.self)
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
      let isStart = text[index] == secret[0] || text[index] == UInt8(ascii: "\\")
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

  /// Where the secret that begins at `start` ends, or nil where something else stands there.
  ///
  /// JSON has more than one way to write a character: PHP escapes `/`, Go `&`, and any may be
  /// `\u` and four digits (RFC 8259, section 7); the decoded text would show the secret again.
  private static func end(of secret: [UInt8], in text: [UInt8], at start: Int) -> Int? {
    var index = start
    for byte in secret {
      guard index < text.count else { return nil }
      if text[index] == byte {
        index += 1
      } else if let next = endOfEscape(of: byte, in: text, at: index) {
        index = next
      } else {
        return nil
      }
    }
    return index
  }

  private static func endOfEscape(of byte: UInt8, in text: [UInt8], at start: Int) -> Int? {
    guard text[start] == UInt8(ascii: "\\"), start + 1 < text.count else { return nil }
    if text[start + 1] == byte { return start + 2 }
    guard text[start + 1] == UInt8(ascii: "u"), start + 6 <= text.count else { return nil }
    let digits = String(decoding: text[(start + 2)..<(start + 6)], as: UTF8.self)
    return UInt16(digits, radix: 16) == UInt16(byte) ? start + 6 : nil
  }
}
