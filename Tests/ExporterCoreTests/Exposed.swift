/// An exposition taken apart, just far enough to ask for its families and samples.
struct Exposed {
  /// Each family's type, by the name on its TYPE line.
  private(set) var types: [String: String] = [:]
  /// Each sample's value as it is written, by the name with its labels.
  private(set) var samples: [String: String] = [:]
  /// TYPE lines and samples that are there twice.
  private(set) var duplicates: [String] = []
  let text: String

  init(_ bytes: [UInt8]) {
    text = String(decoding: bytes, as: UTF8.self)
    for line in text.split(separator: "\n") {
      if line.hasPrefix("# TYPE ") {
        let words = line.split(separator: " ")
        if types.updateValue(String(words[3]), forKey: String(words[2])) != nil {
          duplicates.append(String(line))
        }
      } else if !line.hasPrefix("#"), let space = line.lastIndex(of: " ") {
        let value = String(line[line.index(after: space)...])
        if samples.updateValue(value, forKey: String(line[..<space])) != nil {
          duplicates.append(String(line))
        }
      }
    }
  }

  /// The value of a sample by its name and labels.
  func value(_ sample: String) -> Double? {
    samples[sample].flatMap { Double($0) }
  }

  /// How many samples the family's name starts.
  func count(_ name: String) -> Int {
    samples.keys.filter { $0 == name || $0.hasPrefix(name + "{") }.count
  }
}
