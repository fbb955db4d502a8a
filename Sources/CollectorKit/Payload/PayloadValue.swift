/// A value as the vendor wrote it, before it is read in the form of its field.
public enum PayloadValue: Decodable, Equatable, Sendable {
  /// `null`: the vendor has no value.
  case null
  /// A finite number.
  case number(Double)
  /// A text, which may be a number, a percentage or a duration.
  case text(String)
  /// A truth value, an object or an array; what messages show.
  case other(String)

  /// Takes any JSON value.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else {
      switch try container.decode(JSONNumber.self) {
      case .number(let value): self = .number(value)
      case .unreadable(let seen): self = .other(seen)
      case .absent: self = .null
      }
    }
  }
}
