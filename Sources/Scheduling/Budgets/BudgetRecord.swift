/// What a budget must still know after a restart: text of one line, without the credential.
///
/// ```
/// boot=1a2b… uptime=812.5 unix=1789000000.25 blocked=0 inflight=1 ages=3.5,1.25
/// ```
struct BudgetRecord: Equatable, Sendable {
  /// When it was written, on both clocks, and in which run of the machine.
  var moment: BudgetMoment
  /// Seconds for which nothing may be sent, from then on.
  var blocked = 0.0
  /// Requests whose end was not known.
  var inFlight = 0
  /// How many seconds before that moment the finished requests ended, the oldest first.
  var ages: [Double] = []

  /// The version of the text.
  static let version: UInt32 = 1

  init(moment: BudgetMoment, blocked: Double = 0, inFlight: Int = 0, ages: [Double] = []) {
    self.moment = moment
    self.blocked = blocked
    self.inFlight = inFlight
    self.ages = ages
  }

  /// Nil for anything but what `bytes` wrote.
  init?(_ bytes: [UInt8]) {
    var fields: [Substring: Substring] = [:]
    let text = String(decoding: bytes, as: UTF8.self)
    for field in text.split(separator: " ") {
      let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { return nil }
      fields[parts[0]] = parts[1]
    }
    func number(_ name: Substring) -> Double? {
      fields[name].flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil }
    }
    guard let boot = fields["boot"], let uptime = number("uptime"), let unix = number("unix"),
      let blocked = number("blocked"), let inFlight = fields["inflight"].flatMap({ Int($0) }),
      (0...1_000_000).contains(inFlight), let list = fields["ages"]
    else { return nil }
    moment = BudgetMoment(boot: boot.isEmpty ? nil : String(boot), uptime: uptime, unixTime: unix)
    self.blocked = blocked
    self.inFlight = inFlight
    for item in list.split(separator: ",") {
      guard let age = Double(item), age.isFinite else { return nil }
      ages.append(age)
    }
  }

  var bytes: [UInt8] {
    let list = ages.map { String($0) }.joined(separator: ",")
    let text =
      "boot=\(moment.boot ?? "") uptime=\(moment.uptime) unix=\(moment.unixTime) "
      + "blocked=\(blocked) inflight=\(inFlight) ages=\(list)"
    return Array(text.utf8)
  }
}
