import Ledger
import Testing

/// One series through one history: polls in, counter and corrections out.
@Suite struct LedgerRuleTests {
  /// A poll on a day (counted from 1970-01-01) with totals for some days, and what must come of it.
  struct Poll: Sendable {
    let day: Double
    let totals: [(day: Int64, value: Double)]
    let counter: Double
    let corrections: Int

    init(
      _ day: Double,
      _ totals: [(Int64, Double)],
      counter: Double,
      corrections: Int = 0
    ) {
      self.day = day
      self.totals = totals.map { (day: $0.0, value: $0.1) }
      self.counter = counter
      self.corrections = corrections
    }
  }

  /// A poll a day, in which each day has nothing to count.
  private static func quietDays(_ days: ClosedRange<Int64>) -> [Poll] {
    days.map { Poll(Double($0), [($0, 0)], counter: 0) }
  }

  struct History: CustomTestStringConvertible, Sendable {
    let name: String
    let polls: [Poll]

    var testDescription: String { name }

    init(_ name: String, _ polls: [Poll]) {
      self.name = name
      self.polls = polls
    }
  }

  static let histories: [History] = [
    History(
      "the first value is the baseline, rises are added",
      [
        Poll(100, [(100, 40)], counter: 0),
        Poll(100, [(100, 45)], counter: 5),
        Poll(100, [(100, 45)], counter: 5),
        Poll(100, [(100, 47.5)], counter: 7.5),
      ]
    ),
    History(
      "every bucket of the first batch is a baseline",
      [
        Poll(100, [(99, 300), (100, 40)], counter: 0),
        Poll(100, [(99, 301), (100, 42)], counter: 3),
      ]
    ),
    History(
      "midnight: the new day is added whole",
      [
        Poll(100, [(100, 40)], counter: 0),
        Poll(101, [(101, 7)], counter: 7),
        Poll(101, [(101, 9)], counter: 9),
      ]
    ),
    History(
      "late rises of yesterday are added",
      [
        Poll(100, [(100, 40)], counter: 0),
        Poll(101, [(100, 50), (101, 3)], counter: 13),
        Poll(101, [(100, 51), (101, 3)], counter: 14),
      ]
    ),
    History(
      "days missed during downtime are added once, whole",
      [
        Poll(100, [(100, 40)], counter: 0),
        Poll(104, [(101, 10), (102, 20), (103, 30), (104, 4)], counter: 64),
        Poll(104, [(101, 10), (102, 20), (103, 30), (104, 5)], counter: 65),
      ]
    ),
    History(
      "a missed day is added although newer days are known",
      [
        Poll(100, [(100, 40)], counter: 0),
        Poll(103, [(103, 3)], counter: 3),
        Poll(103, [(101, 10)], counter: 13),
        Poll(103, [(101, 11), (102, 1)], counter: 15),
      ]
    ),
    History(
      "a day between two baselines is added, one before them is not",
      [
        Poll(100, [(98, 5), (100, 40)], counter: 0),
        Poll(100, [(99, 10)], counter: 10),
        Poll(100, [(97, 1000)], counter: 10),
        Poll(100, [(97, 1001)], counter: 10),
      ]
    ),
    History(
      "a correction adds nothing and is counted once",
      [
        Poll(100, [(100, 40)], counter: 0),
        Poll(100, [(100, 50)], counter: 10),
        Poll(100, [(100, 45)], counter: 10, corrections: 1),
        Poll(100, [(100, 45)], counter: 10),
        Poll(100, [(100, 45)], counter: 10),
        Poll(100, [(100, 44)], counter: 10, corrections: 1),
        Poll(100, [(100, 49)], counter: 10),
        Poll(100, [(100, 48)], counter: 10, corrections: 1),
        Poll(100, [(100, 52)], counter: 12),
        Poll(100, [(100, 51)], counter: 12, corrections: 1),
      ]
    ),
    History(
      "two days corrected at once are two corrections",
      [
        Poll(100, [(99, 9), (100, 4)], counter: 0),
        Poll(100, [(99, 8), (100, 3)], counter: 0, corrections: 2),
        Poll(100, [(99, 8), (100, 3)], counter: 0),
      ]
    ),
    History(
      "a correction of the baseline is one as well",
      [
        Poll(100, [(100, 40)], counter: 0),
        Poll(100, [(100, 0)], counter: 0, corrections: 1),
        Poll(100, [(100, 40)], counter: 0),
        Poll(100, [(100, 41)], counter: 1),
      ]
    ),
    History(
      "the same day twice in a batch counts once, with its higher total",
      [
        Poll(100, [(100, 40), (100, 38)], counter: 0),
        Poll(100, [(100, 45), (100, 45)], counter: 5),
        Poll(100, [(100, 46), (100, 44)], counter: 6),
        Poll(100, [(100, 44), (100, 46)], counter: 6),
        Poll(101, [(101, 3), (101, 2), (101, 3)], counter: 9),
      ]
    ),
    History(
      "an empty poll changes nothing",
      [
        Poll(100, [(100, 40)], counter: 0),
        Poll(100, [], counter: 0),
        Poll(100, [(100, 41)], counter: 1),
      ]
    ),
    History(
      "a day that ended within the retention may rise, afterwards not",
      [
        Poll(100, [(100, 40)], counter: 0)
      ] + quietDays(101...132) + [
        // The day ended at 101.0; the poll at 133.5 is 32.5 days later, the one at 134.5 33.5.
        Poll(133, [(100, 41)], counter: 1),
        Poll(134, [(100, 45)], counter: 1),
        Poll(134, [(100, 30)], counter: 1),
      ]
    ),
    History(
      "an unseen day that ended before the retention is not added",
      [
        Poll(100, [(100, 40)], counter: 0)
      ] + quietDays(101...105) + quietDays(107...139) + [
        // The horizon follows by a day a batch: this one makes up for the day without one.
        Poll(139, [(139, 1)], counter: 1),
        Poll(140, [(106, 10)], counter: 1),
        Poll(140, [(106, 10), (107, 10), (140, 5)], counter: 16),
      ]
    ),
    History(
      "a dropped day stays closed when the clock goes back",
      [
        Poll(100, [(100, 40)], counter: 0)
      ] + quietDays(101...139) + [
        Poll(140, [(140, 5)], counter: 5),
        Poll(100, [(100, 60)], counter: 5),
        Poll(100, [(99, 60)], counter: 5),
        Poll(140, [(100, 80), (140, 6)], counter: 6),
      ]
    ),
    History(
      "a clock that goes back an hour or a week doubles nothing",
      [
        Poll(100, [(100, 40)], counter: 0),
        Poll(101, [(100, 45), (101, 5)], counter: 10),
        Poll(100.9, [(100, 45), (101, 5)], counter: 10),
        Poll(94, [(100, 45), (101, 6)], counter: 11),
        Poll(101, [(100, 46), (101, 6)], counter: 12),
      ]
    ),
    History(
      "a clock that was a century ahead for one poll costs nothing",
      [
        Poll(100, [(99, 9), (100, 40)], counter: 0),
        Poll(36_600, [(99, 9), (100, 41)], counter: 1),
        Poll(100, [(99, 9), (100, 42)], counter: 2),
        Poll(101, [(100, 50), (101, 3)], counter: 13),
        Poll(101, [(100, 50), (101, 4)], counter: 14),
      ]
    ),
    History(
      "whole numbers up to 2^53 add up exactly",
      [
        Poll(100, [(100, 0)], counter: 0),
        Poll(100, [(100, 9_007_199_254_740_000)], counter: 9_007_199_254_740_000),
        Poll(101, [(101, 991)], counter: 9_007_199_254_740_991),
        Poll(101, [(101, 992)], counter: 9_007_199_254_740_992),
      ]
    ),
  ]

  @Test(arguments: histories)
  func rule(_ history: History) {
    let record = LedgerHistory()
    for (index, poll) in history.polls.enumerated() {
      let result = record.poll(poll.totals, onDay: poll.day)
      #expect(record.total == poll.counter, "counter after poll \(index)")
      #expect(result.corrections == poll.corrections, "corrections of poll \(index)")
      #expect(result.rejected == 0)
    }
  }

  @Test(arguments: histories)
  func orderWithinABatchDecidesNothing(_ history: History) {
    let record = LedgerHistory()
    for (index, poll) in history.polls.enumerated() {
      let result = record.poll(poll.totals.reversed(), onDay: poll.day)
      #expect(record.total == poll.counter, "counter after poll \(index)")
      #expect(result.corrections == poll.corrections, "corrections of poll \(index)")
    }
  }
}
