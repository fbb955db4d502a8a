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
    let points = RocketChatPayload.points(
      labels,
      labels.indices.map { .number(Double($0)) },
      &skipped
    )
    guard case .days(let days)? = points else {
      Issue.record("the labels are days")
      return
    }
    #expect(days.count == 731)
    #expect(skipped.isEmpty)
    #expect(days.last?.value == .number(730))
  }
}
