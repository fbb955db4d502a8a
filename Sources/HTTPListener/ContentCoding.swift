/// The gzip content coding: the stream and its negotiation.
public enum ContentCoding {
  /// The bytes as one gzip member (RFC 1952).
  ///
  /// - Parameters:
  ///   - bytes: What to compress.
  ///   - level: 1 (fast) to 9 (small); others are brought into that range.
  /// - Returns: The compressed bytes, header and trailer included.
  public static func gzip(_ bytes: [UInt8], level: Int) -> [UInt8] {
    Array(DeflatedPart.gzip([DeflatedPart(bytes, level: level)]).joined())
  }

  /// Whether the client prefers gzip to the bare bytes (RFC 9110, section 12.5.3).
  ///
  /// No field means that any coding will do; the bare bytes then do.
  public static func acceptsGzip(_ acceptEncoding: String?) -> Bool {
    guard let acceptEncoding else { return false }
    var gzip: Int?
    var identity: Int?
    var any: Int?
    for element in acceptEncoding.utf8.split(separator: UInt8(ascii: ",")) {
      let parts = element.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
      guard let first = parts.first, let weight = weight(of: parts.dropFirst()) else { continue }
      switch String(Substring(trimmed(first))).lowercased() {
      case "gzip", "x-gzip": gzip = gzip ?? weight
      case "identity": identity = identity ?? weight
      case "*": any = any ?? weight
      default: continue
      }
    }
    guard let weight = gzip ?? any, weight > 0 else { return false }
    return weight >= identity ?? 0
  }

  /// The weight in thousandths; 1000 without one, nil where it is malformed.
  private static func weight(of parameters: ArraySlice<Substring.UTF8View>) -> Int? {
    guard let parameter = parameters.first else { return 1000 }
    let text = Array(trimmed(parameter))
    guard parameters.count == 1, text.count >= 3, text.count <= 7,
      text[0] | 0x20 == UInt8(ascii: "q"), text[1] == UInt8(ascii: "=")
    else { return nil }
    // "0" or "1", then up to three decimals, which may only be zeros after a 1.
    var weight = 0
    for index in 2..<7 {
      var digit = 0
      if index == 3 {
        if index < text.count, text[index] != UInt8(ascii: ".") { return nil }
        continue
      }
      if index < text.count {
        guard text[index] >= 0x30, text[index] <= 0x39 else { return nil }
        digit = Int(text[index] - 0x30)
      }
      weight = weight * 10 + digit
    }
    return weight <= 1000 ? weight : nil
  }

  private static func trimmed(_ text: Substring.UTF8View) -> Substring.UTF8View {
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    var text = text
    while let byte = text.first, isSpace(byte) { text.removeFirst() }
    while let byte = text.last, isSpace(byte) { text.removeLast() }
    return text
  }
}
