import Foundation
import Testing

@testable import CollectorKit

/// Numbers as the vendors write them.
@Suite struct JSONNumberTests {
  struct Case: Sendable {
    let json: String
    let number: JSONNumber

    init(_ json: String, _ number: JSONNumber) {
      self.json = json
      self.number = number
    }
  }

  static let cases = [
    Case("0", .number(0)), Case("-0", .number(0)), Case("12.34", .number(12.34)),
    Case("-55", .number(-55)), Case("1e3", .number(1000)), Case("85.5", .number(85.5)),
    Case("9007199254740993", .number(9_007_199_254_740_992)),
    Case("\"0.74\"", .number(0.74)), Case("\"12\"", .number(12)), Case("\" 12 \"", .number(12)),
    Case("\"-3.5e2\"", .number(-350)), Case("\"+7\"", .number(7)),
    Case("null", .absent), Case("\"\"", .absent), Case("\"-\"", .absent), Case("\"  \"", .absent),
    Case("true", .unreadable("true")), Case("false", .unreadable("false")),
    Case("\"true\"", .unreadable("\"true\"")), Case("\"nan\"", .unreadable("\"nan\"")),
    Case("\"NaN\"", .unreadable("\"NaN\"")), Case("\"inf\"", .unreadable("\"inf\"")),
    Case("\"Infinity\"", .unreadable("\"Infinity\"")), Case("\"0x10\"", .unreadable("\"0x10\"")),
    Case("\"1e999\"", .unreadable("\"1e999\"")), Case("\"1,234\"", .unreadable("\"1,234\"")),
    Case("\"11%\"", .unreadable("\"11%\"")), Case("\"--1\"", .unreadable("\"--1\"")),
    Case("\"1 2\"", .unreadable("\"1 2\"")), Case("\"١٢\"", .unreadable("\"١٢\"")),
    Case("\"e\"", .unreadable("\"e\"")),
    Case("\"number of users\"", .unreadable("\"number of users\"")),
    Case("\"a\\nb\\u0000c\\u001b[31m\"", .unreadable("\"a b c [31m\"")),
    Case("[1]", .unreadable("an object or array")),
    Case("{\"value\":1}", .unreadable("an object or array")),
  ]

  @Test(arguments: cases)
  func decodes(_ item: Case) throws {
    let decoded = try JSONDecoder().decode([JSONNumber].self, from: Data("[\(item.json)]".utf8))
    #expect(decoded == [item.number])
    if case .number(let value) = item.number {
      #expect(decoded.first?.value == value)
    } else {
      #expect(decoded.first?.value == nil)
    }
  }

  @Test func longTextIsCut() throws {
    let text = String(repeating: "x", count: 100_000)
    #expect(JSONNumber(text: text) == .unreadable("\"\(String(repeating: "x", count: 40))\""))
  }

  /// A number beyond a Double leaves the rest of the answer alone, or the whole is no JSON.
  @Test func hugeNumbersNeverBecomeInfinite() {
    let data = Data("[1e999, 5]".utf8)
    let decoded = try? JSONDecoder().decode([JSONNumber].self, from: data)
    #expect(decoded?.first?.value == nil)
  }
}
