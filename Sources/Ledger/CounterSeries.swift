/// The rule by which period-to-date totals become one counter, for one series: pure values, no clock,
/// no storage.
///
/// - The first batch is the beginning: the counter is 0 and every bucket of the batch is a baseline.
/// - Later a total above the highest one seen for its bucket adds the difference. A lower total adds
///   nothing.
/// - A bucket that is new and younger than the oldest baseline was missed: it is added whole. An older
///   one lies before the beginning and adds nothing.
/// - A new bucket that overlaps a known one means that the vendor's day was redefined (another time
///   zone in the configuration). What they share cannot be told apart, so it is a baseline as well.
/// - A new bucket's total that may be an old answer is held while it is not below the last one of the
///   bucket before, for at most an hour.
/// - A bucket that ended longer than the retention ago is dropped. Whatever ends at or before a dropped
///   bucket's end adds nothing from then on, even when the clock goes back.
struct CounterSeries: Sendable {
  /// The counter's value; it never falls.
  private(set) var total = 0.0
  /// Unix seconds of the first batch, when the counter was 0.
  let created: Double
  /// The start of the oldest baseline; the largest number before the first batch.
  private(set) var origin = Int64.max
  /// The latest end of a dropped bucket.
  private(set) var closedThrough = Int64.min
  /// The buckets that may still rise, in ascending order.
  private(set) var open: [OpenBucket] = []
  /// The last totals of those buckets in which the vendor's figure is below the highest one.
  ///
  /// Hardly any series ever has one, so it costs a pointer and not eight bytes a bucket.
  private(set) var lowered: [Reading] = []

  /// A series without a first batch, which starts at the given Unix time.
  init(created: Double) {
    self.created = created
  }

  /// A series as it was stored.
  init(
    created: Double,
    total: Double,
    origin: Int64,
    closedThrough: Int64,
    open: [OpenBucket],
    lowered: [Reading]
  ) {
    self.created = created
    self.total = total
    self.origin = origin
    self.closedThrough = closedThrough
    self.open = open
    self.lowered = lowered
  }

  /// How many buckets may still rise.
  var openCount: Int { open.count }

  /// Whether a bucket has ended so long ago that recording would drop it.
  func mustDrop(before horizon: Double) -> Bool {
    open.contains { Double($0.bucket.end) < horizon }
  }

  /// Whether recording the reading would change nothing: its total is the one last seen, or its
  /// bucket can no longer rise.
  func ignores(_ reading: Reading, horizon: Double) -> Bool {
    let bucket = reading.bucket
    guard origin != .max else { return false }
    if Double(bucket.end) < horizon { return true }
    let position = open.partitionIndex(of: bucket)
    guard position < open.count, open[position].bucket == bucket else {
      return bucket.start < origin || bucket.end <= closedThrough
    }
    let last = lowered.first { $0.bucket == bucket }?.value ?? open[position].highest
    return reading.value == last
  }

  /// Whether a total that may be an old answer is to wait: it is the first of its bucket, and not
  /// below the last one of the bucket before.
  func holds(_ reading: Reading, at unixTime: Double) -> Bool {
    let bucket = reading.bucket
    guard unixTime < Double(bucket.start) + Observation.longestHold,
      !open.contains(where: { $0.bucket == bucket }),
      let before = open.last(where: { $0.bucket.end == bucket.start })
    else { return false }
    let last = lowered.first { $0.bucket == before.bucket }?.value ?? before.highest
    return last > 0 && reading.value >= last
  }

  /// Takes the series' part of one batch.
  ///
  /// - Parameters:
  ///   - readings: Ascending by bucket, no bucket twice.
  ///   - horizon: The Unix time before which an ended bucket is dropped.
  /// - Returns: How many buckets have a lower total than when they were last seen.
  mutating func record(_ readings: ArraySlice<Reading>, horizon: Double) -> Int {
    guard origin != .max else {
      begin(readings, horizon: horizon)
      return 0
    }
    drop(before: horizon)
    var corrections = 0
    for reading in readings where Double(reading.bucket.end) >= horizon {
      let position = open.partitionIndex(of: reading.bucket)
      if position < open.count, open[position].bucket == reading.bucket {
        if update(at: position, to: reading.value) { corrections += 1 }
      } else {
        add(reading, at: position)
      }
    }
    return corrections
  }

  private mutating func begin(_ readings: ArraySlice<Reading>, horizon: Double) {
    guard let first = readings.first else { return }
    origin = first.bucket.start
    open.reserveCapacity(readings.count)
    for reading in readings {
      open.append(OpenBucket(bucket: reading.bucket, highest: reading.value))
    }
    drop(before: horizon)
  }

  /// Returns whether the value is lower than the one before.
  private mutating func update(at position: Int, to value: Double) -> Bool {
    let bucket = open[position].bucket
    let highest = open[position].highest
    let loweredPosition = lowered.firstIndex { $0.bucket == bucket }
    let last = loweredPosition.map { lowered[$0].value } ?? highest
    if let loweredPosition { lowered.remove(at: loweredPosition) }
    if value < highest {
      lowered.append(Reading(bucket: bucket, value: value))
    } else {
      total += value - highest
      open[position].highest = value
    }
    return value < last
  }

  private mutating func add(_ reading: Reading, at position: Int) {
    let bucket = reading.bucket
    guard bucket.start >= origin, bucket.end > closedThrough else { return }
    let isShared = bucket.start < closedThrough || open.contains { $0.bucket.overlaps(bucket) }
    if !isShared { total += reading.value }
    // A month of days is all there ever is: doubling would leave half of the memory unused.
    if open.count == open.capacity { open.reserveCapacity(open.count + 2) }
    open.insert(OpenBucket(bucket: bucket, highest: reading.value), at: position)
  }

  private mutating func drop(before horizon: Double) {
    guard mustDrop(before: horizon) else { return }
    for entry in open where Double(entry.bucket.end) < horizon {
      closedThrough = max(closedThrough, entry.bucket.end)
    }
    open.removeAll { Double($0.bucket.end) < horizon }
    lowered.removeAll { Double($0.bucket.end) < horizon }
  }
}

/// A bucket that may still rise.
struct OpenBucket: Sendable {
  let bucket: PackedBucket
  /// The highest total seen.
  var highest: Double
}

extension [OpenBucket] {
  /// Where the bucket is or belongs; looked for from the end, where the newest ones are.
  fileprivate func partitionIndex(of bucket: PackedBucket) -> Int {
    var position = count
    while position > 0, bucket <= self[position - 1].bucket { position -= 1 }
    return position
  }
}
