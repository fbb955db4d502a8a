/// The deadlines of all connections, the earliest first: a binary heap that knows each slot's place.
///
/// A deadline that moves later is not moved here; whoever pops it looks again. Requests on a busy
/// connection therefore cost nothing.
struct DeadlineHeap {
  private var heap: [(time: UInt64, slot: Int)] = []
  /// Where each slot stands in the heap, -1 for nowhere.
  private var places: [Int] = []

  /// The earliest time at which there may be something to do.
  var earliest: UInt64? { heap.first?.time }

  /// Makes sure that the slot is popped at `time` or before.
  mutating func arm(_ slot: Int, at time: UInt64) {
    while places.count <= slot { places.append(-1) }
    let place = places[slot]
    if place < 0 {
      heap.append((time, slot))
      places[slot] = heap.count - 1
      siftUp(heap.count - 1)
    } else if time < heap[place].time {
      heap[place].time = time
      siftUp(place)
    }
  }

  /// Forgets the slot.
  mutating func remove(_ slot: Int) {
    guard slot < places.count, places[slot] >= 0 else { return }
    let place = places[slot]
    places[slot] = -1
    let last = heap.removeLast()
    guard place < heap.count else { return }
    heap[place] = last
    places[last.slot] = place
    siftUp(place)
    siftDown(places[last.slot])
  }

  /// Takes out the earliest slot whose time has come.
  mutating func popExpired(at now: UInt64) -> Int? {
    guard let first = heap.first, first.time <= now else { return nil }
    remove(first.slot)
    return first.slot
  }

  private mutating func siftUp(_ start: Int) {
    var place = start
    while place > 0 {
      let parent = (place - 1) / 2
      guard heap[place].time < heap[parent].time else { return }
      exchange(place, parent)
      place = parent
    }
  }

  private mutating func siftDown(_ start: Int) {
    var place = start
    while true {
      var least = place
      for child in (2 * place + 1)...(2 * place + 2) where child < heap.count {
        if heap[child].time < heap[least].time { least = child }
      }
      guard least != place else { return }
      exchange(place, least)
      place = least
    }
  }

  private mutating func exchange(_ left: Int, _ right: Int) {
    heap.swapAt(left, right)
    places[heap[left].slot] = left
    places[heap[right].slot] = right
  }
}
