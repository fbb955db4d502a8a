private import FoundationEssentials

/// A compiled time zone (RFC 9636): its past transitions and the rule for the time after them.
struct TZifFile: Sendable {
  private let transitions: [Int64]
  private let offsets: [Int]
  private let firstOffset: Int
  private let footer: PosixZone?

  /// Reads a zone's file.
  ///
  /// - Throws: `ZoneError` for names that leave the folder, unknown zones and damaged files.
  init(zone: String, directory: String) throws(ZoneError) {
    let parts = zone.split(separator: "/", omittingEmptySubsequences: false)
    let isName = parts.allSatisfy { part in
      !part.isEmpty && !part.hasPrefix(".")
        && part.utf8.allSatisfy { byte in
          (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
            || (0x61...0x7A).contains(byte) || "+-_.".utf8.contains(byte)
        }
    }
    guard isName else { throw ZoneError("\"\(zone)\" is no time zone name such as Asia/Kolkata") }
    // Copies for other readers of time: those below `right` count leap seconds.
    let others = ["posix", "right", "posixrules", "localtime", "Factory"]
    let isCopy = others.contains { $0 == parts[0] }
    let manager = FileManager.default
    let data = isCopy ? nil : manager.contents(atPath: directory + "/" + zone)
    if data == nil, let renamed = ZoneNames.renamed[zone] {
      self = try TZifFile(zone: renamed, directory: directory)
      return
    }
    guard let data else {
      let near = ZoneNames(directory: directory).suggestions(for: zone).map { "\"\($0)\"" }
      let advice =
        near.isEmpty
        ? "mind the spelling (Area/City), or install the package tzdata"
        : "did you mean \(near.joined(separator: " or "))?"
      throw ZoneError("there is no time zone \"\(zone)\" in \(directory); \(advice)")
    }
    guard let file = TZifFile(bytes: [UInt8](data)) else {
      throw ZoneError("\(directory)/\(zone) is no TZif file (RFC 9636)")
    }
    self = file
  }

  /// Decodes a file's bytes; nil where they are damaged.
  init?(bytes: [UInt8]) {
    guard let first = Header(bytes, at: 0) else { return nil }
    var header = first
    var start = 44
    var width = 4
    if first.version >= 2 {
      let second = 44 + first.bodyLength(timeWidth: 4)
      guard let wide = Header(bytes, at: second) else { return nil }
      header = wide
      start = second + 44
      width = 8
    }
    let end = start + header.bodyLength(timeWidth: width)
    guard end <= bytes.count, header.typeCount > 0 else { return nil }

    let indexStart = start + header.timeCount * width
    let typeStart = indexStart + header.timeCount
    var typeOffsets: [Int] = []
    for type in 0..<header.typeCount {
      typeOffsets.append(Int(TZifFile.integer(bytes, at: typeStart + type * 6, width: 4)))
    }
    var transitions: [Int64] = []
    var offsets: [Int] = []
    for index in 0..<header.timeCount {
      let type = Int(bytes[indexStart + index])
      guard type < typeOffsets.count else { return nil }
      let time = TZifFile.integer(bytes, at: start + index * width, width: width)
      guard time > transitions.last ?? Int64.min else { return nil }
      transitions.append(time)
      offsets.append(typeOffsets[type])
    }
    self.transitions = transitions
    self.offsets = offsets
    firstOffset = typeOffsets[0]

    // A file that lost its footer would be right until its last transition and wrong ever after.
    guard width == 8 else {
      footer = nil
      return
    }
    guard end < bytes.count, bytes[end] == UInt8(ascii: "\n"),
      let last = bytes[(end + 1)...].firstIndex(of: UInt8(ascii: "\n")),
      let text = String(validating: bytes[(end + 1)..<last], as: UTF8.self)
    else { return nil }
    let rule = PosixZone(text)
    guard text.isEmpty || rule != nil else { return nil }
    footer = rule
  }

  /// Seconds east of UTC at that instant (RFC 9636, section 3.2 and 3.3).
  func offset(at unixTime: Int64) -> Int {
    guard let last = transitions.last else {
      return footer?.offset(at: unixTime) ?? firstOffset
    }
    if unixTime >= last, let footer { return footer.offset(at: unixTime) }
    var low = 0
    var high = transitions.count
    while low < high {
      let middle = (low + high) / 2
      if transitions[middle] <= unixTime {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low == 0 ? firstOffset : offsets[low - 1]
  }

  /// A big-endian two's complement integer.
  private static func integer(_ bytes: [UInt8], at start: Int, width: Int) -> Int64 {
    var value: UInt64 = bytes[start] & 0x80 == 0 ? 0 : .max
    for byte in bytes[start..<(start + width)] { value = value << 8 | UInt64(byte) }
    return Int64(bitPattern: value)
  }

  /// The counts at the head of a data block (RFC 9636, section 3.1).
  private struct Header {
    let version: Int
    let utcCount: Int
    let standardCount: Int
    let leapCount: Int
    let timeCount: Int
    let typeCount: Int
    let charCount: Int

    init?(_ bytes: [UInt8], at start: Int) {
      guard start + 44 <= bytes.count, bytes[start..<(start + 4)].elementsEqual("TZif".utf8) else {
        return nil
      }
      version = bytes[start + 4] == 0 ? 1 : Int(bytes[start + 4]) - 0x30
      let counts = (0..<6).map { index in
        Int(TZifFile.integer(bytes, at: start + 20 + index * 4, width: 4))
      }
      guard counts.allSatisfy({ (0..<1_000_000).contains($0) }) else { return nil }
      utcCount = counts[0]
      standardCount = counts[1]
      leapCount = counts[2]
      timeCount = counts[3]
      typeCount = counts[4]
      charCount = counts[5]
    }

    func bodyLength(timeWidth: Int) -> Int {
      timeCount * (timeWidth + 1) + typeCount * 6 + charCount + leapCount * (timeWidth + 4)
        + standardCount + utcCount
    }
  }
}
