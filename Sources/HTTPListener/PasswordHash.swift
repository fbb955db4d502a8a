import CCrypt

/// A bcrypt hash as crypt(3) writes it: `$2y$10$` and 53 characters.
public struct PasswordHash: Sendable, Hashable {
  /// The whole text.
  let text: String
  /// The logarithm of the rounds.
  public let cost: Int

  /// Reads a hash; nil where it is not `$2a$`, `$2b$` or `$2y$` with a cost from 4 to 31.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 60, ["$2a$", "$2b$", "$2y$"].contains(text.prefix(4)), bytes[6] == 0x24,
      bytes[4...5].allSatisfy({ ByteClass.isDigit($0) }),
      bytes[7...].allSatisfy({ byte in
        ByteClass.isDigit(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "/")
          || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
      })
    else { return nil }
    cost = Int(bytes[4] - 0x30) * 10 + Int(bytes[5] - 0x30)
    guard (4...31).contains(cost) else { return nil }
    self.text = text
  }

  /// A hash that no password has, as costly as this one: for users that do not exist.
  var decoy: String {
    text.prefix(7) + "abcdefghijklmnopqrstuu" + String(repeating: ".", count: 31)
  }

  /// Whether the password has that hash; takes as long as the hash's cost demands.
  static func matches(_ password: [UInt8], _ hash: String) -> Bool {
    let phrase = String(decoding: password, as: UTF8.self)
    // What is not UTF-8 would be changed by the decoding: its bytes are passed as they are.
    guard Array(phrase.utf8) == password else {
      let bytes = password.map { CChar(bitPattern: $0) } + [0]
      return unsafe cx_crypt_matches(bytes, hash) == 1
    }
    return unsafe cx_crypt_matches(phrase, hash) == 1
  }
}
