import CollectorKit
import HTTPTransport

/// What really happened at a vendor, by the vendor's own clock, and how the vendor tells it.
struct VendorBooks {
  /// The vendors whose totals become counters.
  enum Vendor: String, CaseIterable {
    case experia, rocketchat, kore
  }

  let vendor: Vendor
  let zone: Zone
  /// Seconds by which the vendor's clock is ahead of the true time.
  let clockError: Double
  /// By the start of the day, or of the hour at Kore.ai.
  private(set) var totals: [Int64: Double] = [:]
  /// All that was ever added and taken back.
  private(set) var traffic = 0.0
  private(set) var corrected = 0.0

  init(vendor: Vendor, zone: Zone, clockError: Double) {
    self.vendor = vendor
    self.zone = zone
    self.clockError = clockError
  }

  /// The start of the day or hour of a moment by the vendor's clock.
  func bucket(at time: Double) -> Int64 {
    let seen = time + clockError
    let day = zone.startOfDay(zone.date(at: seen))
    guard vendor == .kore else { return day }
    // The clock's hour, not the hour since midnight: they part ways where the clock changes.
    return zone.instant(of: zone.date(at: seen), hour: zone.hour(at: seen)) ?? day
  }

  /// The days or hours that a first poll takes as its baseline.
  func baseline(at time: Double) -> Double {
    let today = zone.date(at: time + clockError)
    let first = vendor == .experia ? today : today.adding(days: -1)
    let start = zone.startOfDay(first)
    return totals.reduce(0) { $1.key >= start ? $0 + $1.value : $0 }
  }

  mutating func add(_ count: Double, at time: Double) {
    totals[bucket(at: time), default: 0] += count
    traffic += count
  }

  /// Takes back at most `count` of what has been counted for a moment.
  mutating func correct(_ count: Double, at time: Double) {
    let bucket = bucket(at: time)
    let taken = min(count, totals[bucket] ?? 0)
    totals[bucket, default: 0] -= taken
    corrected += taken
  }

  /// The answer to a request that arrives at that time.
  func answer(_ request: HTTPClientRequest, at time: Double) -> HTTPClientResponse {
    let body: String
    switch vendor {
    case .experia:
      let text = String(decoding: request.body ?? [], as: UTF8.self)
      let named = CivilDate.first(in: text)
      let day = named ?? zone.date(at: time + clockError)
      body = #"{"totalSessions": \#(Int(total(of: day))), "status": "SUCCESS"}"#
    case .rocketchat:
      let days = VendorBooks.days(request.url, "start=", "end=")
      let labels = days.map { #""\#($0.components.month)/\#($0.components.day)""# }
      let points = days.map { String(Int(total(of: $0))) }
      body = """
        {"chartLabel": "Total_conversations", "dataLabels": [\(labels.joined(separator: ","))],
        "dataPoints": [\(points.joined(separator: ","))], "success": true}
        """
    case .kore:
      let days = VendorBooks.days(request.url, "start_date=", "end_date=")
      let isHourly = request.url.contains("aggregation_type=Hourly")
      let rows = days.map { day in
        let users = isHourly ? hours(of: day) : #""users": \#(Int(total(of: day)))"#
        return #"{"date": "\#(VendorBooks.koreDate(day))", \#(users)}"#
      }
      body = #"{"results": [\#(rows.joined(separator: ","))], "totalResults": \#(rows.count)}"#
    }
    return HTTPClientResponse(
      status: 200,
      fields: [HTTPField("Content-Type", "application/json")],
      body: Array(body.utf8)
    )
  }

  private func total(of day: CivilDate) -> Double {
    let range = zone.startOfDay(day)..<zone.startOfDay(day.adding(days: 1))
    return totals.reduce(0) { range.contains($1.key) ? $0 + $1.value : $0 }
  }

  private func hours(of day: CivilDate) -> String {
    (0..<24).map { hour in
      let start = zone.instant(of: day, hour: hour)
      let users = start.flatMap { totals[$0] } ?? 0
      return #""\#(hour) - \#((hour + 1) % 24)": \#(Int(users))"#
    }.joined(separator: ",")
  }

  private static func koreDate(_ date: CivilDate) -> String {
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    let (year, month, day) = date.components
    return "\(months[month - 1]) \(day < 10 ? "0" : "")\(day) \(year)"
  }

  private static func days(_ url: String, _ start: String, _ end: String) -> [CivilDate] {
    func date(_ name: String) -> CivilDate? {
      url.split(whereSeparator: { "?&".contains($0) })
        .first { $0.hasPrefix(name) }
        .flatMap { CivilDate(String($0.dropFirst(name.count).prefix(10))) }
    }
    guard let first = date(start), let last = date(end), first <= last else { return [] }
    return (first.dayNumber...last.dayNumber).map { CivilDate(dayNumber: $0) }
  }
}

extension CivilDate {
  /// The first `YYYY-MM-DD` in a text.
  fileprivate static func first(in text: String) -> CivilDate? {
    let characters = Array(text)
    guard characters.count >= 10 else { return nil }
    return (0...characters.count - 10).lazy
      .compactMap { CivilDate(String(characters[$0..<$0 + 10])) }
      .first
  }
}
