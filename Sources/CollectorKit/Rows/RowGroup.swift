/// What the rows with the same labels come to.
struct RowGroup: Sendable {
  private var count = 0
  private var sum = 0.0
  private var least = Double.infinity
  private var greatest = -Double.infinity
  private var last = 0.0
  private var lastRow = -1

  /// Takes a row's value; the rows come in order.
  mutating func add(_ value: Double, row: Int) {
    count += 1
    sum += value
    least = min(least, value)
    greatest = max(greatest, value)
    last = value
    lastRow = row
  }

  /// Both groups' rows as one group.
  func merged(with other: RowGroup) -> RowGroup {
    var result = self
    result.count += other.count
    result.sum += other.sum
    result.least = min(least, other.least)
    result.greatest = max(greatest, other.greatest)
    if other.lastRow > lastRow {
      result.last = other.last
      result.lastRow = other.lastRow
    }
    return result
  }

  /// A product whose decimals are those of the value: 92.3 times 0.01 is 0.923, where binary
  /// numbers give 0.9229999999999999.
  private static func scaled(_ value: Double, by scale: Double) -> Double {
    let text = "\(value)"
    guard scale > 0, scale < 1, !text.contains("e"),
      let power = (1...18).first(where: {
        Double("1e-\($0)") == scale
      })
    else { return value * scale }
    return Double("\(text)e-\(power)") ?? value * scale
  }

  /// The value that the mapping asks for; nil if no row has one, or it is beyond all numbers.
  func value(_ mapping: RowMapping) -> Double? {
    let isTurned = mapping.scale < 0
    let value: Double
    switch mapping.aggregate {
    case .count: return Double(count)
    case .sum: value = sum
    case .avg: value = sum / Double(count)
    case .min: value = isTurned ? greatest : least
    case .max: value = isTurned ? least : greatest
    case .last:
      guard lastRow >= 0 else { return nil }
      value = last
    }
    let scaled = RowGroup.scaled(value, by: mapping.scale)
    return scaled.isFinite ? scaled : nil
  }
}
