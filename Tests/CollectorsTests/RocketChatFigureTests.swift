import Testing

@testable import Collectors

/// How the figures of the live endpoints are read.
@Suite struct RocketChatFigureTests {
  @Test(arguments: [
    (RocketChatFigure.number(5), RocketChatFigure.Kind.count, 5.0),
    (.number(0), .count, 0), (.text("12"), .count, 12), (.text(" 7 "), .count, 7),
    (.text("00:01:27"), .duration, 87),
    // Each part is rounded on its own, so that a minute may have 60 seconds; hours go past a day.
    (.text("00:00:60"), .duration, 60), (.text("123:59:60"), .duration, 446_400),
    (.number(12.5), .duration, 12.5), (.text("12.5"), .duration, 12.5),
  ])
  func read(figure: RocketChatFigure, kind: RocketChatFigure.Kind, expected: Double) {
    var skipped: [String] = []
    #expect(figure.value(kind, "f", &skipped) == expected)
    #expect(skipped.isEmpty)
  }

  @Test(arguments: [
    (RocketChatFigure.absent, RocketChatFigure.Kind.duration), (.text(""), .duration),
    (.text("-"), .duration),
    // No chat has waited: an average of nothing.
    (.text("00:00:00"), .duration), (.number(0), .duration),
  ])
  func nothing(figure: RocketChatFigure, kind: RocketChatFigure.Kind) {
    var skipped: [String] = []
    #expect(figure.value(kind, "f", &skipped) == nil)
    #expect(skipped.isEmpty)
  }

  @Test(arguments: [
    (RocketChatFigure.text("many"), RocketChatFigure.Kind.count, "f is \"many\", not a number"),
    (.text("11%"), .count, "f is \"11%\", not a number"),
    (.other("true"), .count, "f is true, not a number"),
    (.number(-1), .count, "f is -1.0, less than 0"),
    (.text("-00:01:00"), .duration, "f is \"-00:01:00\", not a duration such as 00:01:30"),
    // The server counts documents: a count without a value is none of its answers.
    (.absent, .count, "f has no value"), (.text(""), .count, "f has no value"),
    (.text("-"), .count, "f has no value"),
    (.text("1e999"), .count, "f is \"1e999\", not a number"),
  ])
  func unreadable(figure: RocketChatFigure, kind: RocketChatFigure.Kind, expected: String) {
    var skipped: [String] = []
    #expect(figure.value(kind, "f", &skipped) == nil)
    #expect(skipped == [expected])
  }
}
