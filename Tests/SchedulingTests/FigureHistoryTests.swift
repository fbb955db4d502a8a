import CollectorKit
import Exposition
import Testing

@testable import Scheduling

/// A day of every key figure in bounded memory.
@Suite struct FigureHistoryTests {
  private static let figure = KeyFigure("Sessions", family: "experia_period_sessions")

  private static func families(_ values: [String: Double]) -> [MetricFamily] {
    [
      MetricFamily(
        name: "experia_period_sessions",
        type: .gauge,
        help: "Sessions.",
        samples: values.sorted { $0.key < $1.key }.map {
          Sample(labels: ["target": "a", "view": $0.key], value: $0.value)
        }
      )
    ]
  }

  private static func history(_ targets: [String] = ["a"]) -> FigureHistory {
    let history = FigureHistory()
    history.keep(only: targets)
    return history
  }

  private static func record(
    _ history: FigureHistory,
    _ values: [String: Double],
    at uptime: Double,
    target: String = "a"
  ) {
    history.record([figure], of: target, in: families(values), at: uptime, staleAfter: 300)
  }

  @Test func keepsValuesInTheirOrder() {
    let history = FigureHistoryTests.history()
    for index in 0..<5 {
      FigureHistoryTests.record(history, ["all": Double(index)], at: 1000 + Double(index) * 60)
    }
    let reading = history.read("a", at: 1300)
    #expect(reading.start == 1000)
    #expect(reading.lines.map { $0.points.map(\.value) } == [[0, 1, 2, 3, 4]])
    // Each within a slot of its poll, the last exactly there.
    for (index, point) in (reading.lines.first?.points ?? []).enumerated() {
      #expect(abs(point.uptime - (1000 + Double(index) * 60)) <= reading.step)
    }
    #expect(reading.lines.first?.points.last?.uptime == 1240)
    #expect(reading.lines.first?.labels == ["target": "a", "view": "all"])
  }

  @Test func aSlotKeepsItsLastValue() {
    let history = FigureHistoryTests.history()
    FigureHistoryTests.record(history, ["all": 1], at: 1000)
    FigureHistoryTests.record(history, ["all": 2], at: 1001)
    #expect(history.read("a", at: 1001).lines.map { $0.points.map(\.value) } == [[2]])
  }

  /// Polled once a minute for three days: never more than 144 points, never older than a day, and
  /// at any time at least half of what there was.
  @Test func coversUpToADay() {
    let history = FigureHistoryTests.history()
    for minute in 0..<(3 * 1440) {
      let now = 500 + Double(minute) * 60
      FigureHistoryTests.record(history, ["all": Double(minute)], at: now)
      let reading = history.read("a", at: now)
      let points = reading.lines.first?.points ?? []
      let passed = min(now - 500, 86_400)
      #expect(points.count <= 144)
      #expect(reading.start == now - passed)
      #expect((points.first?.uptime ?? 0) <= now - passed + 2 * max(600, 60))
      #expect(points.last?.value == Double(minute))
      #expect(zip(points, points.dropFirst()).allSatisfy { $0.uptime < $1.uptime })
      #expect(zip(points, points.dropFirst()).allSatisfy { $0.value < $1.value })
    }
  }

  @Test func aPauseLeavesAGap() {
    let history = FigureHistoryTests.history()
    FigureHistoryTests.record(history, ["all": 1], at: 0)
    FigureHistoryTests.record(history, ["all": 2], at: 7200)
    let points = history.read("a", at: 7200).lines.first?.points ?? []
    #expect(points.map(\.value) == [1, 2])
    #expect((points.last?.uptime ?? 0) - (points.first?.uptime ?? 0) > 7000)
  }

  /// A laptop that slept for a week has no yesterday.
  @Test func aLongSleepForgets() {
    let history = FigureHistoryTests.history()
    FigureHistoryTests.record(history, ["all": 1, "old": 1], at: 0)
    FigureHistoryTests.record(history, ["all": 2], at: 7 * 86_400)
    let lines = history.read("a", at: 7 * 86_400).lines
    #expect(lines.map { $0.points.map(\.value) } == [[2]])
    #expect(history.count == 1)
  }

  @Test func whatIsNoNumberIsNotKept() {
    let history = FigureHistoryTests.history()
    FigureHistoryTests.record(history, ["a": .nan, "b": .infinity, "c": 1e300, "d": 1], at: 0)
    #expect(history.read("a", at: 0).lines.map { $0.labels["view"] } == ["d"])
  }

  @Test func targetsShareTheRoom() {
    let names = (0..<200).map { "t\($0)" }
    let history = FigureHistoryTests.history(names)
    let many = Dictionary(uniqueKeysWithValues: (0..<50).map { ("v\($0)", Double($0)) })
    for name in names { FigureHistoryTests.record(history, many, at: 0, target: name) }
    #expect(history.count == FigureHistory.capacity)
    #expect(history.read("t199", at: 0).lines.count == 2)
    // One target alone does not take all of it.
    let alone = FigureHistoryTests.history()
    FigureHistoryTests.record(alone, many, at: 0)
    #expect(alone.count == FigureHistory.mostOfTarget)
  }

  @Test func aTargetThatIsGoneMakesRoom() {
    let history = FigureHistoryTests.history(["a", "b"])
    FigureHistoryTests.record(history, ["all": 1], at: 0)
    history.keep(only: ["b"])
    #expect(history.count == 0)
    // Its poll in flight may still end.
    FigureHistoryTests.record(history, ["all": 1], at: 1)
    #expect(history.count == 0)
    #expect(history.read("a", at: 1).lines.isEmpty)
  }

  /// A view that a reload took away is gone; one that stayed has its past.
  @Test func aReloadShowsWhatIsPolledAgain() {
    let history = FigureHistoryTests.history()
    FigureHistoryTests.record(history, ["kept": 1, "removed": 1], at: 0)
    history.expectAnew("a")
    #expect(history.read("a", at: 30).lines.isEmpty)
    FigureHistoryTests.record(history, ["kept": 2], at: 60)
    let lines = history.read("a", at: 60).lines
    #expect(lines.map { $0.labels["view"] } == ["kept"])
    #expect(lines.map { $0.points.map(\.value) } == [[1, 2]])
  }

  @Test func whatAReloadTookAwayMakesRoom() {
    let history = FigureHistoryTests.history()
    func views(_ prefix: String) -> [String: Double] {
      Dictionary(uniqueKeysWithValues: (0..<50).map { ("\(prefix)\($0)", Double($0)) })
    }
    FigureHistoryTests.record(history, views("old"), at: 0)
    history.expectAnew("a")
    FigureHistoryTests.record(history, views("new"), at: 60)
    let names = history.read("a", at: 60).lines.compactMap { $0.labels["view"] }
    #expect(names.count == FigureHistory.mostOfTarget)
    #expect(names.allSatisfy { $0.hasPrefix("new") })
  }

  @Test func onlyWhatIsChosen() {
    let history = FigureHistoryTests.history()
    let chosen = KeyFigure(
      "Sessions",
      family: "experia_period_sessions",
      selecting: ["view": "x"]
    )
    let families = FigureHistoryTests.families(["x": 1, "y": 2])
    history.record([chosen], of: "a", in: families, at: 0, staleAfter: 300)
    #expect(history.read("a", at: 0).lines.map { $0.labels["view"] } == ["x"])
  }
}
