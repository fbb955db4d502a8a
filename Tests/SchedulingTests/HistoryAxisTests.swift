import Testing

@testable import Scheduling

/// 144 slots that cover whatever has passed, up to a day.
@Suite struct HistoryAxisTests {
  @Test func doublesUntilASlotIsTenMinutes() {
    var axis = HistoryAxis(start: 0)
    #expect(axis.width == 4.6875)
    #expect(axis.advance(to: 674) == HistoryAxis.Change(cleared: Array((1...143).reversed())))
    // 144 slots of 4.6875 s are over.
    let change = axis.advance(to: 675)
    #expect(change.halvings == 1)
    #expect(axis.width == 9.375)
    #expect(change.cleared == [72])
    #expect(axis.advance(to: 86_399).halvings == 6)
    #expect(axis.width == 600)
    #expect(axis.head == 143)
    let next = axis.advance(to: 86_400)
    #expect(next == HistoryAxis.Change(cleared: [0]))
    #expect(axis.index == 0)
    #expect(axis.order.first?.index == 1)
    #expect(axis.order.count == 144)
  }

  @Test func aLongPauseClearsEverythingOnce() {
    var axis = HistoryAxis(start: 100)
    let change = axis.advance(to: 1e9)
    #expect(Set(change.cleared) == Set(0..<144))
    #expect(change.cleared.count == 144)
  }

  @Test func timeBackwardsChangesNothing() {
    var axis = HistoryAxis(start: 1000)
    _ = axis.advance(to: 1100)
    let head = axis.head
    #expect(axis.advance(to: 1) == HistoryAxis.Change())
    #expect(axis.head == head)
  }
}
