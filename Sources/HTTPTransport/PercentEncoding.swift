/// Percent-encoding of one component of a URL (RFC 3986, section 2.1).
///
/// Everything but the unreserved characters becomes `%XX` of its UTF-8, so that no `/`, `?`, `&`
/// or `%` in a configured name can change the request.
public enum PercentEncoding {
  /// The text as one segment of a path; a `/` in it does not start another.
  public static func pathSegment(_ text: String) -> String {
    encoded(text)
  }

  /// The text as a name or value in a query; a space is `%20`, never `+`.
  public static func queryValue(_ text: String) -> String {
    encoded(text)
  }

  private static func encoded(_ text: String) -> String {
    let hexadecimal = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        bytes.append(byte)
      default:
        bytes.append(UInt8(ascii: "%"))
        bytes.append(hexadecimal[Int(byte >> 4)])
        bytes.append(hexadecimal[Int(byte & 0xF)])
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
