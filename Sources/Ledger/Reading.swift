/// One bucket's total in a batch, once its series is known.
struct Reading: Hashable, Sendable {
  let bucket: PackedBucket
  let value: Double
}
