import Testing

@testable import Collectors

/// A part keeps its values from poll to poll by its key, so that no two may have the same.
@Suite struct PartKeysTests {
  @Test func whatStandsAgainGetsANumber() {
    var keys = PartKeys()
    let names = ["report 1", "report 2", "report 1", "report 1"]
    #expect(names.map { keys.key($0) } == ["report 1", "report 2", "report 1 (2)", "report 1 (3)"])
  }
}
