import CollectorKit

/// The page's now, and times as seen from it: in words, and in UTC.
struct PageClock: Sendable {
  /// Unix seconds.
  let now: Double

  /// `3 min ago`, with the time in UTC.
  func ago(_ unixTime: Double) -> HTML {
    let seconds = now - unixTime
    return element(unixTime, seconds < 1 ? "just now" : Wording.duration(seconds) + " ago")
  }

  /// `in 12 s`, with the time in UTC.
  func ahead(_ unixTime: Double) -> HTML {
    let seconds = unixTime - now
    return element(unixTime, seconds < 1 ? "now" : "in " + Wording.duration(seconds))
  }

  /// The page's own time.
  var stamp: HTML {
    let parts = PageClock.parts(now)
    return "<time datetime=\"\(parts.date)T\(parts.time)Z\">\(parts.date) \(parts.time) UTC</time>"
  }

  private func element(_ unixTime: Double, _ words: String) -> HTML {
    let parts = PageClock.parts(unixTime)
    let day = parts.date == PageClock.parts(now).date ? "" : parts.date + " "
    return """
      <time datetime="\(parts.date)T\(parts.time)Z">\(words) \
      <small>\(day)\(parts.time) UTC</small></time>
      """
  }

  /// `2026-01-10` and `12:00:00`; a time that RFC 3339 cannot write becomes the nearest one that it can.
  static func parts(_ unixTime: Double) -> (date: String, time: String) {
    let seconds = unixTime.isNaN ? 0 : min(max(unixTime, 0), 253_402_300_799)
    let whole = Int(seconds)
    let fields = [whole / 3600 % 24, whole / 60 % 60, whole % 60].map { number in
      number < 10 ? "0\(number)" : String(number)
    }
    return (CivilDate(dayNumber: whole / 86_400).description, fields.joined(separator: ":"))
  }
}
