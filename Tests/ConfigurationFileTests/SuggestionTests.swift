import ConfigurationFile
import Testing

/// Near misses, for keys, choices and flags.
@Suite struct SuggestionTests {
  static let keys = ["api_key", "api_key_file", "interval", "name", "timeout", "url", "vendor"]

  @Test(arguments: [
    ("intervall", "interval"), ("intreval", "interval"), ("nterval", "interval"),
    ("Interval", "interval"), ("api-key", "api_key"), ("apikey", "api_key"),
    ("api_key_fil", "api_key_file"), ("tiemout", "timeout"), ("ulr", "url"), ("nam", "name"),
  ])
  func found(word: String, candidate: String) {
    #expect(Suggestion.nearest(to: word, among: Self.keys) == candidate)
  }

  @Test(arguments: ["", "x", "targets", "password", "urlurlurl"])
  func notFound(word: String) {
    #expect(Suggestion.nearest(to: word, among: Self.keys) == nil)
  }

  @Test func aVeryLongWordIsNearToNone() {
    notFound(word: String(repeating: "a", count: 9999))
  }

  @Test func ofEquallyNearOnesTheFirstWins() {
    #expect(Suggestion.nearest(to: "bat", among: ["cat", "hat"]) == "cat")
    #expect(Suggestion.nearest(to: "bat", among: ["hat", "cat"]) == "hat")
    #expect(Suggestion.nearest(to: "hot", among: ["cat", "hat"]) == "hat")
    #expect(Suggestion.nearest(to: "x", among: []) == nil)
  }

  @Test func flagsAreFoundToo() {
    let flags = ["--config.file", "--web.listen-address", "--web.telemetry-path"]
    #expect(
      Suggestion.nearest(to: "--web.listen_adress", among: flags) == "--web.listen-address"
    )
  }
}
