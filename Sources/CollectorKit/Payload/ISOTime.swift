/// Dates as the vendors write them in rows.
public enum ISOTime {
  /// Unix seconds of an ISO 8601 date and time, or nil.
  ///
  /// `2026-01-15T10:31:15.000000Z`, `2026-01-15 10:31:15+03:00`, Go's `2026-01-15 08:03:57 +0000 UTC`
  /// and `2026-01-15` are known; without an offset the time is UTC.
  public static func seconds(_ text: String) -> Double? {
    var reader = Reader(bytes: Array(text.trimmingSpaces().utf8))
    guard let year = reader.digits(4), reader.take("-"), let month = reader.digits(2),
      reader.take("-"), let day = reader.digits(2),
      let date = CivilDate(year: year, month: month, day: day)
    else { return nil }
    let midnight = Double(date.dayNumber) * 86_400
    if reader.isAtEnd { return midnight }
    guard reader.take("T") || reader.take("t") || reader.take(" "), let hour = reader.digits(2),
      hour <= 24, reader.take(":"), let minute = reader.digits(2), minute < 60
    else { return nil }
    var seconds = 0.0
    if reader.take(":") {
      guard let whole = reader.digits(2), whole <= 60 else { return nil }
      seconds = Double(whole)
      if reader.take(".") || reader.take(",") {
        guard let fraction = reader.fraction() else { return nil }
        seconds += fraction
      }
    }
    guard hour < 24 || (minute == 0 && seconds == 0), let offset = reader.offset() else {
      return nil
    }
    return midnight + Double(hour * 3600 + minute * 60 - offset) + seconds
  }

  private struct Reader {
    let bytes: [UInt8]
    var position = 0

    var isAtEnd: Bool { position == bytes.count }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
      guard position < bytes.count, UInt32(bytes[position]) == character.value else { return false }
      position += 1
      return true
    }

    mutating func digits(_ count: Int) -> Int? {
      guard position + count <= bytes.count else { return nil }
      var value = 0
      for byte in bytes[position..<(position + count)] {
        guard (0x30...0x39).contains(byte) else { return nil }
        value = value * 10 + Int(byte - 0x30)
      }
      position += count
      return value
    }

    mutating func fraction() -> Double? {
      var value = 0.0
      var unit = 0.1
      let start = position
      while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
        value += Double(bytes[position] - 0x30) * unit
        unit /= 10
        position += 1
      }
      return position > start ? value : nil
    }

    /// Seconds east of UTC; 0 where none is written.
    mutating func offset() -> Int? {
      if isAtEnd { return 0 }
      if take("Z") || take("z") { return isAtEnd ? 0 : nil }
      _ = take(" ")
      let isWest = take("-")
      guard isWest || take("+"), let hours = digits(2), hours <= 14 else { return nil }
      _ = take(":")
      let minutes = isAtEnd ? 0 : digits(2)
      guard let minutes, minutes < 60 else { return nil }
      // Go names the zone as well.
      if take(" ") { position = bytes.count }
      guard isAtEnd else { return nil }
      return (hours * 3600 + minutes * 60) * (isWest ? -1 : 1)
    }
  }
}
