/// Puts any number of records in order with little memory: sorts what fits, writes it to a file as a
/// run, and merges the runs at the end.
final class HistorySorter {
  /// A run's part that has yet to be merged.
  private struct Run {
    var offset: Int
    let end: Int
    var records: ArraySlice<HistoryRecord> = []
  }

  private let path: String
  private let capacity: Int
  private var file: BackfillFile?
  private var fileSize = 0
  private var records: [HistoryRecord] = []
  private var runs: [Run] = []

  /// The bytes of a record in a run.
  private static let recordSize = 32
  /// How many records of a run are read at once.
  private static let readAhead = 512

  /// A sorter without records.
  ///
  /// - Parameters:
  ///   - path: The file for the runs; it is made when it is needed.
  ///   - capacity: How many records are sorted in memory.
  init(path: String, capacity: Int = 1 << 16) {
    self.path = path
    self.capacity = max(1, capacity)
  }

  /// Takes a record.
  func add(_ record: HistoryRecord) throws(BackfillError) {
    if records.count == capacity { try spill() }
    records.append(record)
  }

  /// Gives all records by series and time; of two about the same moment only the later one.
  func merged(
    _ body: (HistoryRecord) throws(BackfillError) -> Void
  ) throws(BackfillError) {
    var last: HistoryRecord?
    func take(_ record: HistoryRecord) throws(BackfillError) {
      if let last, !last.isSame(as: record) { try body(last) }
      last = record
    }
    if runs.isEmpty {
      records.sort { $0.precedes($1) }
      for record in records { try take(record) }
    } else {
      try spill()
      var heap: [Int] = []
      for index in runs.indices {
        try refill(index)
        push(index, &heap)
      }
      while let index = heap.first, let record = runs[index].records.first {
        try take(record)
        runs[index].records.removeFirst()
        if runs[index].records.isEmpty { try refill(index) }
        if runs[index].records.isEmpty {
          heap.swapAt(0, heap.count - 1)
          heap.removeLast()
        }
        sink(&heap)
      }
    }
    if let last { try body(last) }
  }

  private func spill() throws(BackfillError) {
    guard !records.isEmpty else { return }
    records.sort { $0.precedes($1) }
    var writer = BackfillWriter()
    for record in records {
      writer.append(word: Int(record.series))
      writer.append(word: Int(record.sequence))
      writer.append(record.start)
      writer.append(record.end)
      writer.append(record.value)
    }
    if file == nil { file = try BackfillFile(path: path, isEmptied: true, isPrivate: true) }
    try file?.write(writer.bytes)
    runs.append(Run(offset: fileSize, end: fileSize + writer.bytes.count))
    fileSize += writer.bytes.count
    records.removeAll(keepingCapacity: true)
  }

  private func refill(_ index: Int) throws(BackfillError) {
    let run = runs[index]
    let wanted = min(run.end - run.offset, HistorySorter.readAhead * HistorySorter.recordSize)
    guard wanted > 0, let file else { return }
    let bytes = try file.read(wanted, at: run.offset)
    var reader = BackfillReader(bytes)
    var records: [HistoryRecord] = []
    records.reserveCapacity(wanted / HistorySorter.recordSize)
    while !reader.isAtEnd {
      guard let series = reader.word(), let sequence = reader.word(),
        let start = reader.integer(), let end = reader.integer(), let value = reader.double()
      else { break }
      records.append(
        HistoryRecord(
          series: UInt32(truncatingIfNeeded: series),
          sequence: UInt32(truncatingIfNeeded: sequence),
          start: start,
          end: end,
          value: value
        )
      )
    }
    guard records.count * HistorySorter.recordSize == wanted else {
      throw BackfillError("\(path) was changed by somebody else; give the same command again")
    }
    runs[index].offset += wanted
    runs[index].records = records[...]
  }

  // MARK: A heap of runs, the one with the first record at its top.

  private func precedes(_ left: Int, _ right: Int) -> Bool {
    guard let first = runs[left].records.first, let second = runs[right].records.first else {
      return false
    }
    return first.precedes(second)
  }

  private func push(_ index: Int, _ heap: inout [Int]) {
    heap.append(index)
    var child = heap.count - 1
    while child > 0, precedes(heap[child], heap[(child - 1) / 2]) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  private func sink(_ heap: inout [Int]) {
    var parent = 0
    while true {
      var first = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < heap.count && precedes(heap[child], heap[first]) {
        first = child
      }
      guard first != parent else { return }
      heap.swapAt(parent, first)
      parent = first
    }
  }
}
