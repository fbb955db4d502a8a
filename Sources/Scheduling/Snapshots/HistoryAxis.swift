/// The time axis that all key figures share: a fixed number of slots that cover up to a day.
///
/// It starts fine, so that the first minutes show, and is made twice as coarse whenever it is full,
/// until it covers a day; from then on its oldest slots are used again.
struct HistoryAxis: Sendable {
  /// What became of the slots when the axis was moved on.
  struct Change: Equatable {
    /// How often two neighbouring slots became one.
    var halvings = 0
    /// Slots, by their index, that begin anew.
    var cleared: [Int] = []
  }

  /// How many slots there are.
  static let slots = 144
  /// Seconds that the axis covers at most.
  static let longest = 86_400.0

  private static let coarsest = longest / Double(slots)
  /// A slot's first width: doubled seven times it is the coarsest.
  private static let finest = coarsest / 128

  /// Seconds that a slot covers.
  private(set) var width = finest
  /// The newest slot's number, counted from the start.
  private(set) var head = 0
  /// The `uptime` at which slot 0 began.
  let start: Double

  init(start: Double) {
    self.start = start
  }

  /// Moves on to that time; a time before the newest slot changes nothing.
  mutating func advance(to uptime: Double) -> Change {
    var change = Change()
    while width < HistoryAxis.coarsest, slot(at: uptime) >= HistoryAxis.slots {
      width *= 2
      head /= 2
      change.halvings += 1
    }
    let slot = slot(at: uptime)
    guard slot > head else { return change }
    let fresh = min(slot - head, HistoryAxis.slots)
    change.cleared = (0..<fresh).map { (slot - $0) % HistoryAxis.slots }
    head = slot
    return change
  }

  /// The newest slot's index.
  var index: Int { head % HistoryAxis.slots }

  /// The slots from the oldest to the newest: the index, and the middle of its time.
  var order: [(index: Int, uptime: Double)] {
    let first = max(0, head - HistoryAxis.slots + 1)
    return (first...head).map { slot in
      (slot % HistoryAxis.slots, start + (Double(slot) + 0.5) * width)
    }
  }

  private func slot(at uptime: Double) -> Int {
    Int(max(0, min((uptime - start) / width, 1e15)))
  }
}
