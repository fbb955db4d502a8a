extension ExpositionFormat {
  /// The format that a client prefers: RFC 9110, section 12.5.1.
  ///
  /// Of the ranges that match a format the most specific one gives its weight. OpenMetrics is chosen
  /// where its weight is the higher one. At equal weights it is chosen only where it is named (not
  /// through `*/*` or `application/*`) and stands before any range that names the text format, as
  /// client_golang does. Everything else gets the text format: no field, nothing that can be read,
  /// nothing that is acceptable, and versions of OpenMetrics other than 1.0.0, for an answer that is
  /// marked 1.0.0 is not what such a client asked for.
  ///
  /// - Parameter accept: The Accept field's value, several fields joined by commas; nil where there
  ///   is none.
  /// - Returns: The format to answer in.
  public static func negotiate(accept: String?) -> ExpositionFormat {
    guard let accept else { return .text }
    let ranges = MediaRange.parse(accept)
    guard let openMetrics = Preference(for: .openMetrics, in: ranges), openMetrics.weight > 0 else {
      return .text
    }
    guard let text = Preference(for: .text, in: ranges) else { return .openMetrics }
    if openMetrics.weight != text.weight {
      return openMetrics.weight > text.weight ? .openMetrics : .text
    }
    guard openMetrics.isNamed else { return .text }
    return text.isNamed && text.position < openMetrics.position ? .text : .openMetrics
  }

  /// The media type that answers in this format have, as ranges name it.
  fileprivate var mediaType: (type: String, subtype: String, version: String) {
    switch self {
    case .text: ("text", "plain", "0.0.4")
    case .openMetrics: ("application", "openmetrics-text", "1.0.0")
    }
  }
}

/// What an Accept field says about one format.
private struct Preference {
  /// The weight of the most specific range that matches.
  let weight: Int
  /// Where that range stands in the field.
  let position: Int
  /// Whether the range names the type and the subtype.
  let isNamed: Bool

  /// Nil where no range matches the format.
  init?(for format: ExpositionFormat, in ranges: [MediaRange]) {
    var best: (precedence: Int, range: MediaRange, position: Int)?
    for (position, range) in ranges.enumerated() {
      guard let precedence = Preference.precedence(of: range, for: format) else { continue }
      if let best {
        let isBetter =
          precedence > best.precedence
          || (precedence == best.precedence && range.weight > best.range.weight)
        if !isBetter { continue }
      }
      best = (precedence, range, position)
    }
    guard let best else { return nil }
    weight = best.range.weight
    position = best.position
    isNamed = best.range.subtype != "*"
  }

  /// How specific a range is that matches the format; nil for one that does not.
  ///
  /// A parameter matches only what the answer has. `escaping` is Prometheus 3's question about names
  /// outside the classic alphabet: there are none, so every scheme holds.
  private static func precedence(of range: MediaRange, for format: ExpositionFormat) -> Int? {
    let answer = format.mediaType
    guard range.type == "*" || range.type == answer.type,
      range.subtype == "*" || range.subtype == answer.subtype
    else { return nil }
    var matched = 0
    for parameter in range.parameters {
      switch parameter.name {
      case "version" where parameter.value == answer.version: matched += 1
      case "charset" where parameter.value.lowercased() == "utf-8": matched += 1
      case "escaping": break
      default: return nil
      }
    }
    if range.type == "*" { return 0 }
    return range.subtype == "*" ? 1 : 2 + matched
  }
}
