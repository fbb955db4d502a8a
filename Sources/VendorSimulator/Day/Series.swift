/// One kind of event: sessions, messages, calls.
struct Series: Sendable {
  /// The name under which it can be corrected.
  let name: String
  /// Which noise shapes it; series of one stream rise together.
  let stream: UInt64
  /// Events on an ordinary working day.
  let perDay: Double
  /// Seconds between an arrival and the event that it causes; events that would fall behind
  /// midnight do not happen.
  let lag: Double

  init(_ name: String, stream: String? = nil, perDay: Double, lag: Double = 0) {
    self.name = name
    self.stream = Noise.stream(stream ?? name)
    self.perDay = perDay
    self.lag = lag
  }
}
