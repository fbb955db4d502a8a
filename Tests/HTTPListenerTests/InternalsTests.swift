import Testing

@testable import HTTPListener

@Suite struct DeadlineHeapTests {
  @Test func poppedInOrderOfTime() {
    var heap = DeadlineHeap()
    let times: [UInt64] = [50, 10, 90, 30, 70, 20, 80, 40, 60, 0]
    for (slot, time) in times.enumerated() { heap.arm(slot, at: time) }
    var order: [Int] = []
    while let slot = heap.popExpired(at: 65) { order.append(slot) }
    #expect(order == [9, 1, 5, 3, 7, 0, 8])
    #expect(heap.earliest == 70)
  }

  @Test func movesEarlierButNotLater() {
    var heap = DeadlineHeap()
    heap.arm(0, at: 100)
    heap.arm(1, at: 50)
    heap.arm(0, at: 10)
    heap.arm(1, at: 200)
    #expect(heap.popExpired(at: 300) == 0)
    #expect(heap.earliest == 50)
    #expect(heap.popExpired(at: 49) == nil)
    #expect(heap.popExpired(at: 50) == 1)
    #expect(heap.earliest == nil)
  }

  /// Against a plain list, over a pseudo-random series of changes.
  @Test func agreesWithAList() {
    var heap = DeadlineHeap()
    var list: [Int: UInt64] = [:]
    var state: UInt64 = 42
    for _ in 0..<20_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let slot = Int(state >> 33) % 40
      let time = (state >> 40) % 1000
      if state >> 60 < 4 {
        heap.remove(slot)
        list[slot] = nil
      } else if state >> 60 < 12 {
        heap.arm(slot, at: time)
        list[slot] = min(list[slot] ?? .max, time)
      } else if let popped = heap.popExpired(at: time) {
        #expect(list[popped] == list.values.min())
        list[popped] = nil
      } else {
        #expect(list.values.allSatisfy { $0 > time })
      }
      #expect(heap.earliest == list.values.min())
    }
  }
}

@Suite struct DateFieldTests {
  /// The first is the example of RFC 9110, section 5.6.7; the others are from `date -u -d @…`.
  @Test(arguments: [
    (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
    (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
    (1_735_689_599, "Tue, 31 Dec 2024 23:59:59 GMT"),
    (4_102_444_800, "Fri, 01 Jan 2100 00:00:00 GMT"), (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
  ])
  func formatted(_ time: Int, _ text: String) {
    #expect(DateField.text(unixTime: time) == text)
  }
}
