/// A share of the targets: shard `index` of `count`, for agents that share one configuration.
///
/// A target is in the shard that the FNV-1a hash of its name says, so that a target keeps its
/// shard whatever other targets come and go.
struct Shard: Sendable, Hashable {
  /// From 1 to `count`.
  let index: UInt64
  let count: UInt64

  /// All targets.
  static let all = Shard(index: 1, count: 1)

  private init(index: UInt64, count: UInt64) {
    self.index = index
    self.count = count
  }

  /// Reads `K/N`.
  ///
  /// - Throws: `UsageError` unless both are numbers, N is at most 10000 and K from 1 to N.
  init(parsing text: String) throws(UsageError) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let isDigits = parts.allSatisfy { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
    guard parts.count == 2, isDigits, let index = UInt64(parts[0]), let count = UInt64(parts[1]),
      (1...10_000).contains(count), (1...count).contains(index)
    else {
      throw UsageError(
        message: "--shard=\(text) is no shard; write K/N with N from 1 to 10000 and K from 1 to N, "
          + "such as 1/3"
      )
    }
    self.init(index: index, count: count)
  }

  /// Whether a target of that name is in the shard.
  func contains(_ name: String) -> Bool {
    Shard.hash(name) % count == index - 1
  }

  /// The 64-bit FNV-1a hash of the name's bytes.
  ///
  /// Source: <https://datatracker.ietf.org/doc/html/draft-eastlake-fnv>.
  static func hash(_ name: String) -> UInt64 {
    name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }

  /// `K/N`.
  var text: String { "\(index)/\(count)" }
}
