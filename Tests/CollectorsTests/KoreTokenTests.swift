import CollectorKit
import Foundation
import HTTPTransport
import TestSupport
import Testing

@testable import Collectors

/// The header `auth`: minted tokens are read with a decoder and verified with an HMAC of this
/// suite's own.
@Suite struct KoreTokenTests {
  private struct Header: Decodable {
    let alg: String
    let typ: String
  }

  private struct Claims: Decodable {
    let appId: String
    let sub: String
    let iat: Int
    let exp: Int
    let jti: String
  }

  private static let target =
    "name: t, vendor: kore, url: \"https://kore.example\", bot_id: \"st/1\""

  /// The tokens of two polls' four requests.
  private static func tokens(_ credentials: String) async throws -> [String] {
    let target = try DecodedTarget("{\(target), \(credentials)}")
    let client = ScriptedHTTPClient { _, _ in
      HTTPClientResponse(status: 200, body: Array(#"{"results":[]}"#.utf8))
    }
    for _ in 0..<2 { _ = try await target.poll(client) }
    return client.requests.flatMap { request in
      request.fields.filter { $0.name == "auth" }.map(\.value)
    }
  }

  @Test(arguments: [("", "cs-1"), (", subject: exporter", "exporter")])
  func mintedTokens(subject: String, expected: String) async throws {
    let tokens = try await Self.tokens(
      "jwt: {client_id: cs-1, client_secret: \"s3cr&t ü\"\(subject)}"
    )
    #expect(tokens.count == 4)
    var identifiers: Set<String> = []
    for token in tokens {
      let parts = token.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      try #require(parts.count == 3)
      let header = try JSONDecoder().decode(Header.self, from: Self.decoded(parts[0]))
      #expect(header.alg == "HS256")
      #expect(header.typ == "JWT")
      let claims = try JSONDecoder().decode(Claims.self, from: Self.decoded(parts[1]))
      #expect(claims.appId == "cs-1")
      #expect(claims.sub == expected)
      // A minute old, for a verifier's clock may be behind.
      #expect(claims.iat == 1_759_751_940)
      #expect(claims.exp == 1_759_752_300)
      identifiers.insert(claims.jti)
      let signed = Array("\(parts[0]).\(parts[1])".utf8)
      let code = SHA256Code.authentication(of: signed, key: Array("s3cr&t ü".utf8))
      #expect([UInt8](try Self.decoded(parts[2])) == code)
    }
    #expect(identifiers.count == 4)
  }

  @Test func aReadyTokenIsSentAsItIs() async throws {
    #expect(
      try await Self.tokens("token: ready.made.token")
        == Array(repeating: "ready.made.token", count: 4)
    )
  }

  /// Rotating a token needs no reload, and a file that is gone is told without what was in it.
  @Test func aTokensFileIsReadEachTime() async throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(
      "kore-token-\(UUID().uuidString)"
    )
    try Data("first\n".utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let target = try DecodedTarget("{\(Self.target), token_file: \"\(file.path)\"}")
    let client = ScriptedHTTPClient { _, _ in
      HTTPClientResponse(status: 200, body: Array(#"{"results":[]}"#.utf8))
    }
    _ = try await target.poll(client)
    try Data("second\n".utf8).write(to: file)
    _ = try await target.poll(client)
    let sent = client.requests.flatMap(\.fields).filter { $0.name == "auth" }.map(\.value)
    #expect(sent == ["first", "first", "second", "second"])

    try FileManager.default.removeItem(at: file)
    let outcome = try await target.poll(client)
    #expect(outcome.failure?.reason == .auth)
    #expect(
      outcome.failure?.message
        == "the secret file \"\(file.path)\" cannot be read: No such file or directory"
    )
    #expect(client.requests.count == 4)
  }

  @Test func theBotIsOneSegmentOfThePath() async throws {
    let target = try DecodedTarget("{\(Self.target), token: t}")
    let client = ScriptedHTTPClient { _, _ in HTTPClientResponse(status: 500) }
    _ = try await target.poll(client)
    #expect(
      client.requests.first?.url
        == "https://kore.example/api/public/bot/st%2F1/userEngagementTrend"
        + "?aggregation_type=Hourly&start_date=2025-10-05&end_date=2025-10-06"
    )
    #expect(client.requests.first?.method == "POST")
    #expect(client.requests.first?.body == Array("{}".utf8))
  }

  /// RFC 4231, section 4.3 (test case 2).
  @Test func theSuitesOwnCodeIsRight() {
    let code = SHA256Code.authentication(
      of: Array("what do ya want for nothing?".utf8),
      key: Array("Jefe".utf8)
    )
    let text = code.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    #expect(text == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
  }

  private static func decoded(_ text: String) throws -> Data {
    #expect(!text.contains { "+/=".contains($0) })
    let standard = text.replacingOccurrences(of: "-", with: "+")
      .replacingOccurrences(of: "_", with: "/")
    let padding = String(repeating: "=", count: (4 - standard.count % 4) % 4)
    return try #require(Data(base64Encoded: standard + padding))
  }
}

/// SHA-256 (FIPS 180-4) and HMAC (RFC 2104), written for this suite alone.
private enum SHA256Code {
  static func authentication(of message: [UInt8], key: [UInt8]) -> [UInt8] {
    let short = key.count > 64 ? digest(key) : key
    let block = short + [UInt8](repeating: 0, count: 64 - short.count)
    return digest(block.map { $0 ^ 0x5C } + digest(block.map { $0 ^ 0x36 } + message))
  }

  /// The first 64 primes: the constants are the fractions of their roots.
  private static let primes = (2...311).filter { number in
    (2..<number).allSatisfy { number % $0 != 0 }
  }

  /// The first 32 bits of a root's fraction, by integer search, so that nothing is rounded.
  private static func fraction(of prime: Int, power: Int) -> UInt32 {
    var low: UInt64 = 0
    var high: UInt64 = 1 << 37
    func isAtMost(_ root: UInt64) -> Bool {
      // root is scaled by 2^32: compare root^power with prime * 2^(32 * power).
      var left = [UInt64(1), 0, 0, 0, 0, 0]
      for _ in 0..<power { left = product(left, root) }
      var right = [UInt64](repeating: 0, count: 6)
      right[power] = UInt64(prime)
      for index in left.indices.reversed() where left[index] != right[index] {
        return left[index] < right[index]
      }
      return true
    }
    while high - low > 1 {
      let middle = (low + high) / 2
      if isAtMost(middle) { low = middle } else { high = middle }
    }
    return UInt32(truncatingIfNeeded: low)
  }

  /// Digits of 32 bits, lowest first, times a factor below 2^38.
  private static func product(_ digits: [UInt64], _ factor: UInt64) -> [UInt64] {
    var result = [UInt64](repeating: 0, count: digits.count)
    for (shift, part) in [factor & 0xFFFF_FFFF, factor >> 32].enumerated() {
      var carry: UInt64 = 0
      for index in 0..<(digits.count - shift) {
        let sum = digits[index] * part + result[index + shift] + carry
        result[index + shift] = sum & 0xFFFF_FFFF
        carry = sum >> 32
      }
    }
    return result
  }

  private static let constants = primes.map { fraction(of: $0, power: 3) }
  private static let start = primes.prefix(8).map { fraction(of: $0, power: 2) }

  private static func digest(_ message: [UInt8]) -> [UInt8] {
    var bytes = message + [0x80]
    while bytes.count % 64 != 56 { bytes.append(0) }
    let bits = UInt64(message.count) * 8
    for shift in stride(from: 56, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
    }
    var hash = start
    for block in stride(from: 0, to: bytes.count, by: 64) {
      var words = stride(from: block, to: block + 64, by: 4).map { index in
        bytes[index..<(index + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      }
      for index in 16..<64 {
        let (early, late) = (words[index - 15], words[index - 2])
        let first = rotated(early, 7) ^ rotated(early, 18) ^ (early >> 3)
        let second = rotated(late, 17) ^ rotated(late, 19) ^ (late >> 10)
        words.append(words[index - 16] &+ first &+ words[index - 7] &+ second)
      }
      var state = hash
      for index in 0..<64 {
        let (a, b, c) = (state[0], state[1], state[2])
        let (e, f, g) = (state[4], state[5], state[6])
        let upper = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
        let choice = (e & f) ^ (~e & g)
        let first = state[7] &+ upper &+ choice &+ constants[index] &+ words[index]
        let lower = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
        let majority = (a & b) ^ (a & c) ^ (b & c)
        state = [first &+ lower &+ majority, a, b, c, state[3] &+ first, e, f, g]
      }
      hash = zip(hash, state).map { $0 &+ $1 }
    }
    return hash.flatMap { word in
      [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
    }
  }

  private static func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 {
    word >> count | word << (32 - count)
  }
}
