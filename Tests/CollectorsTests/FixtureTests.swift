import Foundation
import Testing

/// Every fixture's requests and exposition against its golden files.
@Suite struct FixtureTests {
  private static let isRecording = ProcessInfo.processInfo.environment["CX_RECORD"] == "1"

  @Test func thereAreFixtures() {
    #expect(!FixtureCase.all.isEmpty)
  }

  @Test(arguments: FixtureCase.all)
  func fixture(_ fixture: FixtureCase) async throws {
    let (requests, exposition) = try await fixture.run()
    if FixtureTests.isRecording {
      try requests.write(
        toFile: "\(fixture.folder)/requests.txt",
        atomically: true,
        encoding: .utf8
      )
      try exposition.write(
        toFile: "\(fixture.folder)/expected.prom",
        atomically: true,
        encoding: .utf8
      )
    }
    #expect(try fixture.text("requests.txt") == requests)
    #expect(try fixture.text("expected.prom") == exposition)
  }
}
