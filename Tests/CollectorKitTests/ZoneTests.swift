import CollectorKit
import Glibc
import TestSupport
import Testing

/// Zones: names, offsets and the local day.
@Suite struct ZoneTests {
  struct Offset: Sendable {
    let text: String
    let seconds: Int
  }

  @Test(arguments: [
    Offset(text: "+00:00", seconds: 0), Offset(text: "-00:00", seconds: 0),
    Offset(text: "Z", seconds: 0), Offset(text: "+03:00", seconds: 10_800),
    Offset(text: "+05:45", seconds: 20_700), Offset(text: "-03:30", seconds: -12_600),
    Offset(text: "+12:45", seconds: 45_900), Offset(text: "+14:00", seconds: 50_400),
    Offset(text: "-18:00", seconds: -64_800), Offset(text: "+18:00", seconds: 64_800),
  ])
  func fixedOffset(_ offset: Offset) throws {
    let zone = try #require(Zone(offset: offset.text))
    #expect(zone.name == offset.text)
    for instant: Int64 in [-2_208_988_800, 0, 1_800_000_000] {
      #expect(zone.offset(at: instant) == offset.seconds)
    }
  }

  @Test(arguments: [
    "", "3", "+3", "+3:00", "+03", "+0300", "03:00", "+03:60", "+18:01", "+24:00", "-99:00", "z",
    "+03:0", "+03:000", "+03:00 ", " +03:00", "+03-00", "++3:00", "+0x:00", "UTC", "+٠٣:٠٠",
    "±03:00", "\u{2212}03:00",
  ])
  func noOffset(_ text: String) {
    #expect(Zone(offset: text) == nil)
  }

  @Test(arguments: ["UTC", "Etc/UTC", "GMT", "Etc/GMT"])
  func universalTimeNeedsNoFile(_ name: String) throws {
    let zone = try Zone(named: name, directory: "/nonexistent")
    #expect(zone.name == name)
    #expect(zone.offset(at: 1_800_000_000) == 0)
  }

  @Test(arguments: [
    "../etc/passwd", "../../etc/passwd", "/etc/passwd", "Asia/../../../etc/passwd", "Asia//Kolkata",
    "./UTC", "Asia/./Kolkata", "", "/", "Asia/", ".", "..", "Asia/Kolkata\0", "Asia\\Kolkata",
    "Asia/Kolkata\n", "Asia Kolkata", ".hidden", "%2e%2e/passwd", "Åsia/Kolkata",
  ])
  func namesThatAreNone(_ name: String) {
    let error = #expect(throws: ZoneError.self) { _ = try Zone(named: name) }
    #expect(error?.message.contains("is no time zone name such as Asia/Kolkata") == true)
  }

  /// `right` counts leap seconds, `posix` is a copy, and the others are for the system.
  @Test(arguments: [
    ("Europe", nil), ("Mars/Olympus", nil), ("IST", nil), ("Factory", nil), ("localtime", nil),
    ("Asia/Kolkatta", "\"Asia/Kolkata\""), ("asia/kolkata", "\"Asia/Kolkata\""),
    ("Asia/Calcuta", "\"Asia/Calcutta\" or \"Asia/Kolkata\""), ("Riyadh", "\"Asia/Riyadh\""),
    ("Asia/Katmandoo", "\"Asia/Katmandu\" or \"Asia/Kathmandu\""),
    ("US/New_York", "\"America/New_York\""), ("America/NewYork", "\"America/New_York\""),
    ("posix/Asia/Kolkata", "\"Asia/Kolkata\""), ("right/Asia/Kolkata", "\"Asia/Kolkata\""),
  ])
  func unknownNames(_ name: String, meant: String?) {
    let error = #expect(throws: ZoneError.self) { _ = try Zone(named: name) }
    let advice =
      meant.map { "did you mean \($0)?" }
      ?? "mind the spelling (Area/City), or install the package tzdata"
    #expect(
      error?.message == "there is no time zone \"\(name)\" in /usr/share/zoneinfo; \(advice)"
    )
  }

  /// Some systems have the old spellings in a package of their own, or no zones at all.
  @Test func oldSpellingsNeedNoFileOfTheirOwn() throws {
    let folder = try TemporaryFolder()
    try #require(unsafe mkdir(folder.path + "/Asia", 0o700) == 0)
    for name in ["Kolkata", "Kathmandu"] {
      let link = "\(folder.path)/Asia/\(name)"
      try #require(unsafe symlink("/usr/share/zoneinfo/Asia/\(name)", link) == 0)
    }
    for (name, offset) in [("Asia/Calcutta", 19_800), ("Asia/Katmandu", 20_700)] {
      let zone = try Zone(named: name, directory: folder.path)
      #expect(zone.name == name)
      #expect(zone.offset(at: 1_800_000_000) == offset)
    }
    let error = #expect(throws: ZoneError.self) {
      _ = try Zone(named: "Asia/Calcuta", directory: folder.path)
    }
    #expect(error?.message.hasSuffix("did you mean \"Asia/Calcutta\" or \"Asia/Kolkata\"?") == true)
    let none = #expect(throws: ZoneError.self) {
      _ = try Zone(named: "Asia/Riyadh", directory: folder.path + "/none")
    }
    #expect(none?.message.hasSuffix("install the package tzdata") == true)
  }

  @Test func aFileThatIsNoZone() {
    let error = #expect(throws: ZoneError.self) { _ = try Zone(named: "zone.tab") }
    #expect(error?.message == "/usr/share/zoneinfo/zone.tab is no TZif file (RFC 9636)")
  }

  /// Kore.ai and Samespace use both spellings.
  @Test func bothSpellingsOfOneZone() throws {
    let old = try Zone(named: "Asia/Calcutta")
    let new = try Zone(named: "Asia/Kolkata")
    #expect(old.offset(at: 1_800_000_000) == 19_800)
    #expect(new.offset(at: 1_800_000_000) == 19_800)
  }

  struct LocalDay: Sendable {
    let zone: String
    let date: String
    let start: Int64
    let hours: Double

    init(_ zone: String, _ date: String, _ start: Int64, hours: Double) {
      self.zone = zone
      self.date = date
      self.start = start
      self.hours = hours
    }
  }

  // From Python's zoneinfo: the first minute whose local date is the day, or a later one.
  static let localDays = [
    // The gap is at midnight: the day starts at one o'clock.
    LocalDay("America/Sao_Paulo", "2018-11-04", 1_541_300_400, hours: 23),
    LocalDay("America/Havana", "2024-03-10", 1_710_046_800, hours: 23),
    LocalDay("Africa/Cairo", "2024-04-26", 1_714_082_400, hours: 23),
    LocalDay("Asia/Beirut", "2024-03-31", 1_711_836_000, hours: 23),
    LocalDay("Asia/Tehran", "2022-03-22", 1_647_894_600, hours: 23),
    LocalDay("Asia/Amman", "2014-03-28", 1_395_957_600, hours: 23),
    LocalDay("America/Asuncion", "2023-10-01", 1_696_132_800, hours: 23),
    LocalDay("America/Santiago", "2023-09-03", 1_693_713_600, hours: 23),
    LocalDay("Atlantic/Azores", "2024-03-31", 1_711_846_800, hours: 23),
    // The clock goes back at midnight, into the day before.
    LocalDay("America/Sao_Paulo", "2018-02-17", 1_518_832_800, hours: 25),
    LocalDay("America/Sao_Paulo", "2018-02-18", 1_518_922_800, hours: 24),
    LocalDay("America/Nuuk", "2024-10-27", 1_729_994_400, hours: 24),
    // The clock goes back a minute after midnight: a minute of the new day comes twice.
    LocalDay("America/St_Johns", "2010-11-07", 1_289_097_000, hours: 25),
    // The clock changes in the course of the day.
    LocalDay("America/Havana", "2024-11-03", 1_730_606_400, hours: 25),
    LocalDay("Europe/Berlin", "2024-03-31", 1_711_839_600, hours: 23),
    LocalDay("Europe/Berlin", "2024-10-27", 1_729_980_000, hours: 25),
    LocalDay("Australia/Lord_Howe", "2024-04-07", 1_712_408_400, hours: 24.5),
    LocalDay("Australia/Lord_Howe", "2024-10-06", 1_728_135_000, hours: 23.5),
    LocalDay("Pacific/Chatham", "2024-04-07", 1_712_398_500, hours: 25),
    LocalDay("America/New_York", "2050-03-13", 2_530_760_400, hours: 23),
    // A day that never was, and the one behind it.
    LocalDay("Pacific/Apia", "2011-12-30", 1_325_239_200, hours: 0),
    LocalDay("Pacific/Apia", "2011-12-31", 1_325_239_200, hours: 24),
    LocalDay("Asia/Kolkata", "2024-02-29", 1_709_145_000, hours: 24),
  ]

  @Test(arguments: localDays)
  func startAndLength(_ day: LocalDay) throws {
    let zone = try Zone(named: day.zone)
    let date = try #require(CivilDate(day.date))
    let start = zone.startOfDay(date)
    #expect(start == day.start)
    #expect(Double(zone.startOfDay(date.adding(days: 1)) - start) / 3600 == day.hours)
    #expect(zone.date(at: Double(start) - 0.5) < date)
    guard day.hours > 0 else { return }
    #expect(zone.date(at: Double(start)) == date)
    #expect(zone.secondsIntoDay(at: Double(start) + 30.25) == 30.25)
  }

  @Test func hoursOnTheLocalClock() throws {
    // 2024-10-27 in Berlin: two o'clock comes twice.
    let berlin = try Zone(named: "Europe/Berlin")
    let midnight = 1_729_980_000.0
    let hours = (0..<25).map { berlin.hour(at: midnight + Double($0) * 3600) }
    #expect(hours == [0, 1, 2, 2] + Array(3...23))
    #expect(berlin.secondsIntoDay(at: midnight + 24.5 * 3600) == 24.5 * 3600)
    let kathmandu = try #require(Zone(offset: "+05:45"))
    #expect(kathmandu.hour(at: 0) == 5)
    #expect(kathmandu.hour(at: -20_701) == 23)
    #expect(kathmandu.date(at: -20_701).description == "1969-12-31")
    #expect(kathmandu.startOfDay(CivilDate(dayNumber: 0)) == -20_700)
  }
}
