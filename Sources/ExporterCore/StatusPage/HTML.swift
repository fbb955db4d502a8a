/// A piece of HTML: text that is interpolated into it is escaped, other HTML is not.
///
/// So what stands in a name or in a vendor's words cannot become markup by an oversight: there is
/// no way to interpolate a `String` unescaped.
struct HTML: ExpressibleByStringInterpolation, Sendable {
  /// The markup in UTF-8.
  private(set) var bytes: [UInt8]

  /// Nothing.
  static let empty = HTML(bytes: [])

  private init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Markup as it stands in the source.
  init(stringLiteral value: String) {
    bytes = Array(value.utf8)
  }

  /// Markup of the source with values in it.
  init(stringInterpolation: StringInterpolation) {
    bytes = stringInterpolation.bytes
  }

  /// The pieces one after the other, each on a line of its own.
  static func lines(_ pieces: [HTML]) -> HTML {
    HTML(bytes: Array(pieces.map(\.bytes).joined(separator: [UInt8(ascii: "\n")])))
  }

  /// Whether there is nothing.
  var isEmpty: Bool { bytes.isEmpty }

  /// What is between the source's markup.
  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var bytes: [UInt8] = []

    init(literalCapacity: Int, interpolationCount: Int) {
      bytes.reserveCapacity(literalCapacity + 32 * interpolationCount)
    }

    mutating func appendLiteral(_ literal: String) {
      bytes += literal.utf8
    }

    /// Text, escaped.
    mutating func appendInterpolation(_ text: String) {
      HTMLText.escape(text, into: &bytes)
    }

    /// A whole number.
    mutating func appendInterpolation(_ number: Int) {
      bytes += String(number).utf8
    }

    /// Markup, as it is.
    mutating func appendInterpolation(_ html: HTML) {
      bytes += html.bytes
    }
  }
}
