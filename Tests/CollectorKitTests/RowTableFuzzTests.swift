import Foundation
import HTTPTransport
import Testing

@testable import CollectorKit

/// Damaged answers: the scanner says what `JSONSerialization` says, and nothing traps.
@Suite struct RowTableFuzzTests {
  private struct Random: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }
  }

  private static let seeds = [
    #"{"status":"SUCCESS","cardContent":[{"a":1,"b":"x","c":null},{"a":-2.5e3,"d":{"e":[1,true]}}]}"#,
    #"{"cardContent":{"total":45,"by":{"x":"12","y":0.5},"list":[[],{}]},"status":"SUCCESS"}"#,
    #" { "cardContent" : [ 1 , "two\n" , { "k\"" : false } , [ ] ] } "#,
  ]
  private static let pieces = #"{}[]",:0123456789.eE+-tfnul\ ab"#.utf8.map { $0 }

  private func damaged(_ text: String, _ random: inout Random) -> [UInt8] {
    var bytes = Array(text.utf8)
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      let piece = Self.pieces[Int.random(in: 0..<Self.pieces.count, using: &random)]
      switch Int.random(in: 0..<4, using: &random) {
      case 0: bytes[place] = piece
      case 1: bytes.insert(piece, at: place)
      case 2 where bytes.count > 1: bytes.remove(at: place)
      default: bytes.removeLast(min(bytes.count - 1, place))
      }
    }
    return bytes
  }

  @Test func whatIsJSONIsJSON() throws {
    var random = Random(state: 7)
    var valid = 0
    for round in 0..<6000 {
      let bytes = damaged(Self.seeds[round % Self.seeds.count], &random)
      let text = String(decoding: bytes, as: UTF8.self)
      // Foundation lets a comma stand before a closing bracket, RFC 8259 does not.
      let hasSpareComma = text.contains(/,\s*[\]}]/)
      let isJSON =
        !hasSpareComma
        && (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
      for place in [RowTable.Place.at(["cardContent"]), .below([])] {
        let table = try? RowTable(bytes, place, endpoint: "e")
        #expect((table != nil) == isJSON, "\(text)")
        guard let table else { continue }
        #expect(ColumnSummary.all(of: table).count <= table.columns.count)
        _ = table.leaves
      }
      if isJSON { valid += 1 }
    }
    // Both kinds came up.
    #expect((300...5700).contains(valid))
  }

  /// Bytes of any kind: an answer is refused or read, whatever is in it.
  @Test func anyBytes() {
    var random = Random(state: 11)
    for round in 0..<3000 {
      var bytes = Array(Self.seeds[round % Self.seeds.count].utf8)
      for _ in 0..<4 {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        bytes[place] = UInt8.random(in: 0...255, using: &random)
      }
      if round % 2 == 0 { bytes += Array(#"\ud83d"#.utf8) }
      guard let table = try? RowTable(bytes, .below([]), endpoint: "e") else { continue }
      table.forEachRow(table.columns) { values in
        #expect(values.count == table.columns.count)
      }
    }
  }
}
