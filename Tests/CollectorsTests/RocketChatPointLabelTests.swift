import CollectorKit
import Testing

@testable import Collectors

/// The labels that the two generations of Rocket.Chat write.
@Suite struct RocketChatPointLabelTests {
  @Test(arguments: [
    ("10/1", 10, 1), ("1/31", 1, 31), ("12/31", 12, 31), ("2/29", 2, 29), ("09/05", 9, 5),
  ])
  func days(text: String, month: Int, day: Int) {
    #expect(RocketChatPointLabel(text) == .day(month: month, day: day))
  }

  @Test func everyHourInBothSpellings() {
    for hour in 0...23 {
      func name(_ hour: Int) -> String {
        "\([12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11][hour % 12])\(hour % 24 < 12 ? "AM" : "PM")"
      }
      #expect(RocketChatPointLabel("\(name(hour))-\(name((hour + 1) % 24))") == .hour(hour))
      #expect(RocketChatPointLabel("\(name(hour))-\(name(hour))") == .hour(hour))
    }
  }

  @Test(arguments: [
    "", "/", "10", "10/", "/1", "13/1", "0/1", "10/0", "10/32", "10/1/2025", "2025-10-01", "-1/2",
    "+1/2", "0AM-1AM", "13PM-2PM", "AM-PM", "12AM", "10-11", "today", "１/２",
  ])
  func neither(_ text: String) {
    #expect(RocketChatPointLabel(text) == nil)
  }

  @Test func aDatesLabelHasNoPadding() throws {
    let date = try #require(CivilDate("2025-10-01"))
    #expect(RocketChatPointLabel(date) == .day(month: 10, day: 1))
    #expect(RocketChatPointLabel(date) == RocketChatPointLabel("10/1"))
  }

  /// 731 labels of two years are 366 different ones: no dictionary may trap on them.
  @Test func twoYearsOfLabels() throws {
    let first = try #require(CivilDate("2024-01-01"))
    let labels = (0..<731).map { index in
      let (_, month, day) = first.adding(days: index).components
      return "\(month)/\(day)"
    }
    var skipped: [String] = []
    let last = first.adding(days: 730)
    let days = try RocketChatPayload.days(
      labels,
      labels.indices.map { .number(Double($0)) },
      required: last.adding(days: -1)...last,
      &skipped
    )
    #expect(days.count == 731)
    #expect(days.last?.value == .number(730))
    // What the agent never asks for: the two years' points of one label differ.
    #expect(skipped.count == 731 - 366)
  }

  private struct Odd: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let labels: [String]
    /// What the message says of the day and the labels; nil for an answer that is taken.
    let message: String?
    var skipped = 0
  }

  private static let answers = [
    Odd(testDescription: "both days", labels: ["10/5", "10/6"], message: nil),
    Odd(testDescription: "east of UTC", labels: ["10/4", "10/5", "10/6"], message: nil),
    Odd(testDescription: "west of UTC", labels: ["10/5", "10/6", "10/7"], message: nil),
    Odd(testDescription: "padded", labels: ["10/05", "10/06"], message: nil),
    Odd(testDescription: "one not a day", labels: ["10/5", "?", "10/6"], message: nil, skipped: 1),
    Odd(
      testDescription: "twice",
      labels: ["10/5", "10/6", "10/6"],
      message: nil,
      skipped: 1
    ),
    Odd(
      testDescription: "without today",
      labels: ["10/4", "10/5"],
      message: #"no point has the label "10/6" of 2025-10-06: the labels are "10/4", "10/5";"#
    ),
    Odd(
      testDescription: "without yesterday",
      labels: ["10/6", "10/7"],
      message: #"no point has the label "10/5" of 2025-10-05: the labels are "10/6", "10/7";"#
    ),
    Odd(
      testDescription: "hours",
      labels: (1...11).map { "\($0)AM-\($0 + 1)AM" },
      message: #""6AM-7AM", "7AM-8AM" to "11AM-12AM", 11 in all;"#
    ),
    Odd(
      testDescription: "not printable",
      labels: ["week\n1", String(repeating: "x", count: 400)],
      message: "the labels are \"week"
    ),
  ]

  /// An answer must have a point for each day that was asked for, and says so with its labels.
  @Test(arguments: answers)
  private func daysThatWereAskedFor(_ odd: Odd) throws {
    let asked = try #require(CivilDate("2025-10-05"))...(try #require(CivilDate("2025-10-06")))
    var skipped: [String] = []
    do {
      let days = try RocketChatPayload.days(
        odd.labels,
        odd.labels.indices.map { .number(Double($0)) },
        required: asked,
        &skipped
      )
      #expect(odd.message == nil)
      #expect(days.count == odd.labels.count - (odd.labels.contains("?") ? 1 : 0))
    } catch {
      #expect(try error.message.contains(#require(odd.message)))
      #expect(error.message.utf8.count < 700)
      #expect(!error.message.contains { $0.isNewline })
    }
    #expect(skipped.count == odd.skipped)
  }
}
