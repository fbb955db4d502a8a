import CollectorKit
import Testing

/// The calendar against known days and an independent count.
@Suite struct CivilDateTests {
  struct Day: Sendable {
    let text: String
    let number: Int
    /// 0 for Sunday.
    let weekday: Int
  }

  // Day numbers from GNU date: `date -ud 2000-02-29 +%s` divided by 86,400, and `+%w`.
  static let days = [
    Day(text: "1970-01-01", number: 0, weekday: 4),
    Day(text: "1969-12-31", number: -1, weekday: 3),
    Day(text: "1900-01-01", number: -25_567, weekday: 1),
    Day(text: "1900-03-01", number: -25_508, weekday: 4),
    Day(text: "2000-02-29", number: 11_016, weekday: 2),
    Day(text: "2000-03-01", number: 11_017, weekday: 3),
    Day(text: "2024-02-29", number: 19_782, weekday: 4),
    Day(text: "2026-01-01", number: 20_454, weekday: 4),
    Day(text: "2038-01-19", number: 24_855, weekday: 2),
    Day(text: "2100-02-28", number: 47_540, weekday: 0),
    Day(text: "2100-03-01", number: 47_541, weekday: 1),
    Day(text: "0001-01-01", number: -719_162, weekday: 1),
    Day(text: "9999-12-31", number: 2_932_896, weekday: 5),
  ]

  @Test(arguments: days)
  func knownDays(_ day: Day) throws {
    let date = try #require(CivilDate(day.text))
    #expect(date.dayNumber == day.number)
    #expect(date.weekday == day.weekday)
    #expect(date.description == day.text)
    #expect(CivilDate(dayNumber: day.number) == date)
  }

  /// Counts the days one by one with the rule of Pope Gregory's bull and nothing else.
  @Test func everyDayFrom1900To2100() {
    let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    var number = -25_567
    var weekday = 1
    var wrong: [Int] = []
    for year in 1900...2100 {
      let isLeap = year.isMultiple(of: 400) || (year.isMultiple(of: 4) && !year.isMultiple(of: 100))
      for month in 1...12 {
        let length = month == 2 && isLeap ? 29 : lengths[month - 1]
        for day in 1...length {
          let date = CivilDate(year: year, month: month, day: day)
          let parts = CivilDate(dayNumber: number).components
          if date?.dayNumber != number || date?.weekday != weekday || parts != (year, month, day) {
            wrong.append(number)
          }
          number += 1
          weekday = (weekday + 1) % 7
        }
        if CivilDate(year: year, month: month, day: length + 1) != nil { wrong.append(number) }
      }
    }
    #expect(wrong.isEmpty)
    #expect(number == 47_847, "2101-01-01 by GNU date")
  }

  @Test(arguments: [
    "", "2026", "2026-1-01", "2026-01-1", "26-01-01", "2026-13-01", "2026-00-01", "2026-01-00",
    "2026-01-32", "2023-02-29", "1900-02-29", "2100-02-29", "2026-04-31", "0000-01-01",
    "2026-01-01 ", " 2026-01-01", "2026/01/01", "2026-01-01-01", "+026-01-01", "-026-01-01",
    "2026-0१-01", "２０２６-01-01", "2026-01-0x", "2026--1-01",
  ])
  func noDay(_ text: String) {
    #expect(CivilDate(text) == nil)
  }

  @Test func arithmeticAndOrder() throws {
    let day = try #require(CivilDate("2024-02-28"))
    #expect(day.adding(days: 1).description == "2024-02-29")
    #expect(day.adding(days: 2).description == "2024-03-01")
    #expect(day.adding(days: -59).description == "2023-12-31")
    #expect(day < day.adding(days: 1))
    #expect(!(day < day))
    #expect(day.adding(days: 400).adding(days: -400) == day)
  }
}
