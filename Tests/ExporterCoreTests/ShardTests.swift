import CollectorKit
import ConfigurationFile
import Exposition
import Testing

@testable import ExporterCore

/// Which agent polls which target.
@Suite struct ShardTests {
  /// The test vectors of draft-eastlake-fnv, appendix C.
  @Test(
    arguments: [
      ("", 0xCBF2_9CE4_8422_2325), ("a", 0xAF63_DC4C_8601_EC8C),
      ("foobar", 0x8594_4171_F739_67E8),
    ] as [(String, UInt64)]
  )
  func hashes(_ text: String, _ hash: UInt64) {
    #expect(Shard.hash(text) == hash)
  }

  @Test func everyTargetIsInExactlyOneShard() throws {
    for count in 1...9 {
      let shards = try (1...count).map { try Shard(parsing: "\($0)/\(count)") }
      var sizes = Array(repeating: 0, count: count)
      for index in 0..<900 {
        let name = "target-\(index)"
        let holders = shards.indices.filter { shards[$0].contains(name) }
        #expect(holders.count == 1)
        for holder in holders { sizes[holder] += 1 }
      }
      // Even enough: no shard has half again its share.
      #expect(sizes.allSatisfy { $0 * 2 * count < 3 * 900 || count == 1 })
    }
  }

  @Test(arguments: [
    "", "1", "1/", "/2", "0/2", "3/2", "x", "x/2", "1/x", "-1/2", "+1/2", "1/0", "0/0", "1/2/3",
    " 1/2", "1.0/2", "1/10001", "1/99999999999999999999",
  ])
  func refused(_ text: String) throws {
    let error = try #require(throws: UsageError.self) { try Shard(parsing: text) }
    #expect(error.message.hasPrefix("--shard=\(text) is no shard; write K/N"))
  }

  private static let text =
    "targets:\n" + ConfigurationText.experia("a", more: ", labels: {brand: x}")
    + ConfigurationText.experia("b") + ConfigurationText.experia("c", key: "k-2")

  /// By the hashes: "a" is af63dc4c8601ec8c, "b" af63df4c8601f1a5, "c" af63de4c8601eff2.
  @Test func aShardsConfiguration() throws {
    let whole = try ConfigurationText.decode(ShardTests.text)
    let first = whole.limited(to: try Shard(parsing: "1/2"))
    let second = whole.limited(to: try Shard(parsing: "2/2"))
    #expect(first.targets.map(\.settings.name) == ["a", "c"])
    #expect(second.targets.map(\.settings.name) == ["b"])
    #expect(whole.limited(to: .all).targets.count == 3)
    // The label of the other shard's target is there, empty: a family has one label set.
    #expect(second.targets.first?.settings.labels["brand"]?.isEmpty == true)
    #expect(first.redactedText == whole.redactedText)
  }

  /// Neither agent knows what the other sends with the same key.
  @Test func aCredentialInTwoShardsIsWarnedOf() throws {
    let whole = try ConfigurationText.decode(ShardTests.text)
    #expect(whole.limited(to: .all).warnings.isEmpty)
    let first = whole.limited(to: try Shard(parsing: "1/2"))
    #expect(first.warnings.count == 1)
    let warning = try #require(first.warnings.first).description
    #expect(warning.hasPrefix("config.yaml: targets: \"a\" and \"b\" share a credential"))
    #expect(!warning.contains("k-1"))
    let apart = try ConfigurationText.decode(
      "targets:\n" + ConfigurationText.experia("a") + ConfigurationText.experia("b", key: "k-2")
    )
    #expect(apart.limited(to: try Shard(parsing: "1/2")).warnings.isEmpty)
  }

  @Test func anEmptyShardIsWarnedOf() throws {
    let whole = try ConfigurationText.decode("targets:\n" + ConfigurationText.experia("a"))
    let second = whole.limited(to: try Shard(parsing: "2/2"))
    #expect(second.targets.isEmpty)
    #expect(
      second.warnings.map(\.description) == [
        "config.yaml: targets: none is in shard 2/2: this agent polls nothing"
      ]
    )
  }

  /// A limit that is stricter on another shard's target is the credential's limit all the same.
  @Test func limitsAreThoseOfAllShards() throws {
    let text =
      "targets:\n" + ConfigurationText.experia("a")
      + ConfigurationText.experia("b", more: ", rate_limit: [{requests: 7, per: 1h}]")
    let first = try ConfigurationText.decode(text).limited(to: try Shard(parsing: "1/2"))
    let target = try #require(first.targets.first)
    #expect(first.targets.count == 1)
    #expect(first.limitsByCredential[target.configured.credential]?.map(\.requests) == [7])
  }
}
