import FoundationEssentials

/// A value of the vendor's scalar `Date`, to be given back as it came: as a text or as a number.
///
/// The vendor's page declares `startTime: Date` and shows no value of it.
enum SamespaceDate: Codable, Sendable, Equatable {
  case text(String)
  /// Decimal, so that every digit of a time in milliseconds or microseconds is kept.
  case number(Decimal)

  /// An instant as the vendor's rows write it: `2026-01-31T08:00:00.000Z`.
  init(unixTime: Double) {
    self = .text(SamespaceRequests.date(unixTime))
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let text = try? container.decode(String.self), text.utf8.count <= 128 {
      self = .text(text)
    } else if let number = try? container.decode(Decimal.self) {
      self = .number(number)
    } else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription: "neither a short text nor a number"
      )
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let text): try container.encode(text)
    case .number(let number): try container.encode(number)
    }
  }
}
