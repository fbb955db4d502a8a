import Foundation
import TestSupport
import Testing

@testable import CollectorKit

/// TZif files (RFC 9636), whole and damaged.
@Suite struct TZifFileTests {
  private static func bytes(_ zone: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: "/usr/share/zoneinfo/\(zone)")))
  }

  /// A file with version 2 data only: a header for each block, one type a given offset.
  private static func file(
    transitions: [(time: Int64, type: UInt8)],
    offsets: [Int32],
    footer: String
  ) -> [UInt8] {
    func big<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
      unsafe withUnsafeBytes(of: number.bigEndian) { unsafe Array($0) }
    }
    func header(_ times: Int, _ types: Int) -> [UInt8] {
      let counts = [0, 0, 0, times, types, 4]
      return Array("TZif2".utf8) + Array(repeating: 0, count: 15)
        + counts.flatMap { big(UInt32($0)) }
    }
    var bytes = header(0, 1) + [0, 0, 0, 0, 0, 0] + Array("XXX\0".utf8)
    bytes += header(transitions.count, offsets.count)
    bytes += transitions.flatMap { big($0.time) } + transitions.map(\.type)
    bytes += offsets.flatMap { big($0) + [0, 0] } + Array("XXX\0".utf8)
    return bytes + Array("\n\(footer)\n".utf8)
  }

  @Test func aHandMadeFile() throws {
    let file = try #require(
      TZifFile(
        bytes: TZifFileTests.file(
          transitions: [(-1_000, 1), (1_000, 2)],
          offsets: [-75, 3600, -7200],
          footer: "<-02>2"
        )
      )
    )
    // RFC 9636, section 3.2: before the first transition time type 0 holds.
    #expect(file.offset(at: -1_001) == -75)
    #expect(file.offset(at: -1_000) == 3600)
    #expect(file.offset(at: 999) == 3600)
    #expect(file.offset(at: 1_000) == -7200)
    #expect(file.offset(at: .max / 2) == -7200)
    #expect(file.offset(at: .min / 2) == -75)
  }

  @Test func anEmptyFooterKeepsTheLastType() throws {
    let bytes = TZifFileTests.file(transitions: [(0, 1)], offsets: [0, 900], footer: "")
    #expect(try #require(TZifFile(bytes: bytes)).offset(at: 4_000_000_000) == 900)
  }

  @Test func theFooterRulesWithoutTransitions() throws {
    let bytes = TZifFileTests.file(transitions: [], offsets: [0], footer: "XXX-5:45")
    #expect(try #require(TZifFile(bytes: bytes)).offset(at: 0) == 20_700)
  }

  @Test(arguments: [
    "garbage", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.5.0,",
    "1", "X5", "<+03", "CET-1CEST,M3.5.0,M10.5.0 ", "CET-1CEST,M3.5.0/168,M10.5.0",
  ])
  func aDamagedFooterIsRefused(_ footer: String) {
    let bytes = TZifFileTests.file(transitions: [(0, 0)], offsets: [0], footer: footer)
    #expect(TZifFile(bytes: bytes) == nil)
  }

  @Test func indexesAndOrderAreChecked() {
    let badType = TZifFileTests.file(transitions: [(0, 2)], offsets: [0, 1], footer: "")
    #expect(TZifFile(bytes: badType) == nil)
    let unordered = TZifFileTests.file(
      transitions: [(5, 0), (5, 1)],
      offsets: [0, 1],
      footer: ""
    )
    #expect(TZifFile(bytes: unordered) == nil)
    let noType = TZifFileTests.file(transitions: [], offsets: [], footer: "")
    #expect(TZifFile(bytes: noType) == nil)
  }

  /// RFC 9636, section 3.3: from version 2 on the footer with both its newlines belongs to the file.
  @Test(arguments: ["Europe/Berlin", "Asia/Kathmandu", "Asia/Gaza"])
  func everyTruncationIsRefused(_ zone: String) throws {
    let whole = try TZifFileTests.bytes(zone)
    #expect(TZifFile(bytes: whole) != nil)
    let accepted = whole.indices.filter { TZifFile(bytes: Array(whole[..<$0])) != nil }
    #expect(accepted.isEmpty)
  }

  /// Damaged bytes are refused or read as some zone; nothing ends the process.
  @Test func damagedBytesNeverTrap() throws {
    var random = SplitMix64(seed: 7)
    let whole = try TZifFileTests.bytes("Australia/Lord_Howe")
    var refused = 0
    for round in 0..<4000 {
      var bytes = whole
      if round.isMultiple(of: 8) {
        bytes =
          Array("TZif2".utf8) + (0..<300).map { _ in UInt8.random(in: 0...255, using: &random) }
      } else {
        for _ in 0...Int.random(in: 0...6, using: &random) {
          let index = Int.random(in: 0..<bytes.count, using: &random)
          bytes[index] = UInt8.random(in: 0...255, using: &random)
        }
      }
      guard let file = TZifFile(bytes: bytes) else {
        refused += 1
        continue
      }
      for instant: Int64 in [-4_000_000_000, 0, 1_800_000_000, 4_000_000_000] {
        // RFC 9636, section 3.2: an offset is any 32-bit number.
        #expect(abs(file.offset(at: instant)) <= 1 << 31)
      }
    }
    #expect(refused > 500)
    #expect(TZifFile(bytes: []) == nil)
  }
}
