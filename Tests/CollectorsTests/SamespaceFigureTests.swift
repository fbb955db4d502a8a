import CollectorKit
import FoundationEssentials
import Testing

@testable import Collectors

/// What a STAT insight's value comes to, as the vendor may write it.
@Suite struct SamespaceFigureTests {
  private struct Case: Sendable, CustomTestStringConvertible {
    let json: String
    let format: SamespaceFormat?
    let reading: PayloadValue.Reading

    var testDescription: String { "\(json) as \(format?.rawValue ?? "it is")" }

    init(_ json: String, _ format: SamespaceFormat? = nil, _ reading: PayloadValue.Reading) {
      self.json = json
      self.format = format
      self.reading = reading
    }
  }

  private static let cases = [
    Case("2824", nil, .value(2824)), Case("-3.5", nil, .value(-3.5)),
    Case(#""2824""#, nil, .value(2824)), Case(#"" -4.5 ""#, nil, .value(-4.5)),
    Case(#""1.5e3""#, nil, .value(1500)), Case(#""+7""#, nil, .value(7)),
    // A percentage is a ratio, to the digit.
    Case(#""87.25%""#, nil, .value(0.8725)), Case(#""92.3 %""#, nil, .value(0.923)),
    Case(#""12.5\u00a0%""#, nil, .value(0.125)), Case(#""\u00a00%""#, nil, .value(0)),
    Case(#""-3.5%""#, nil, .value(-0.035)), Case(#""120%""#, nil, .value(1.2)),
    Case("87.25", .percent, .value(0.8725)), Case(#""87.25""#, .percent, .value(0.8725)),
    Case(#""87.25%""#, .percent, .value(0.8725)),
    Case(#""87.25%""#, .number, .unreadable(#""87.25%""#)),
    Case(#""87.25%""#, .duration, .unreadable(#""87.25%""#)),
    // A duration is in seconds.
    Case(#""00:05:30""#, nil, .value(330)), Case(#""123:00:01""#, nil, .value(442_801)),
    Case(#""01 00:00:20""#, nil, .value(86_420)), Case(#""00:05:30""#, .duration, .value(330)),
    Case("330", .duration, .value(330)), Case(#""330""#, .duration, .value(330)),
    Case(#""00:05:30""#, .number, .unreadable(#""00:05:30""#)),
    Case(#""00:05:30""#, .percent, .unreadable(#""00:05:30""#)),
    // Two numbers may be meant, or digits are lost.
    Case(#""2,824""#, nil, .unreadable(#""2,824""#)),
    Case(#""2,824""#, .number, .unreadable(#""2,824""#)),
    Case(#""1,250.5""#, nil, .unreadable(#""1,250.5""#)),
    Case(#""87,25%""#, nil, .unreadable(#""87,25%""#)),
    Case(#""2 824""#, nil, .unreadable(#""2 824""#)),
    Case(#""1.5K""#, nil, .unreadable(#""1.5K""#)),
    Case(#""05:30""#, nil, .unreadable(#""05:30""#)),
    Case(#""05:30""#, .duration, .unreadable(#""05:30""#)),
    Case(#""-00:05:30""#, nil, .unreadable(#""-00:05:30""#)),
    Case(#""00:61:00""#, nil, .unreadable(#""00:61:00""#)),
    Case(#""12 min""#, nil, .unreadable(#""12 min""#)),
    Case(#""$12""#, nil, .unreadable(#""$12""#)),
    Case(#""\u0668\u0667%""#, nil, .unreadable("\"\u{668}\u{667}%\"")),
    Case(#""0x10""#, nil, .unreadable(#""0x10""#)), Case(#""5%%""#, nil, .unreadable(#""5%%""#)),
    Case(#""1 of 2""#, nil, .unreadable(#""1 of 2""#)),
    Case("true", nil, .unreadable("true")),
    Case(#"{"value":3,"unit":"s"}"#, nil, .unreadable("an object or array")),
    Case("[2]", nil, .unreadable("an object or array")),
    // The log shows nobody's telephone number.
    Case(#""+14077016752""#, nil, .value(14_077_016_752)),
    Case(#""+1 (407) 701-6752""#, nil, .unreadable(#""<phone>""#)),
    // No value.
    Case("null", nil, .none), Case(#""""#, nil, .none), Case(#"" \u00a0""#, nil, .none),
    Case(#""-""#, nil, .none), Case(#""--""#, .percent, .none), Case(#""—""#, nil, .none),
    // Words are no figure.
    Case(#""N/A""#, nil, .unreadable(#""N/A""#)), Case(#""-%""#, nil, .unreadable(#""-%""#)),
    Case(#""NaN""#, nil, .unreadable(#""NaN""#)), Case(#""Sales""#, nil, .unreadable(#""Sales""#)),
  ]

  @Test(arguments: cases)
  private func reading(_ test: Case) throws {
    let figure = try JSONDecoder().decode([PayloadValue].self, from: Data("[\(test.json)]".utf8))
    #expect(figure.map { $0.read(as: test.format) } == [test.reading])
  }
}
