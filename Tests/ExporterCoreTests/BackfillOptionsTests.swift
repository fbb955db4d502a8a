import CollectorKit
import Exposition
import Testing

@testable import ExporterCore

/// The flags of `backfill`, and which days they leave.
@Suite struct BackfillOptionsTests {
  private func options(_ words: String...) throws -> BackfillOptions {
    try BackfillOptions(CommandLineArguments(["backfill"] + words))
  }

  @Test func flags() throws {
    let options = try options(
      "--from=2026-01-01",
      "--to=2026-01-31",
      "--target=a",
      "--target",
      "b",
      "--label=job=cx",
      "--label=instance=host:1=2"
    )
    #expect(options.first == CivilDate("2026-01-01"))
    #expect(options.last == CivilDate("2026-01-31"))
    #expect(options.targets == ["a", "b"])
    #expect(options.labels == ["job": "cx", "instance": "host:1=2"])
    #expect(options.output == nil)
  }

  @Test(arguments: [
    ([], "backfill needs --from=YYYY-MM-DD and --to=YYYY-MM-DD"),
    (["--from=2026-01-01"], "backfill needs --from=YYYY-MM-DD and --to=YYYY-MM-DD"),
    (["--from=2026-02-30", "--to=2026-03-01"], "--from=2026-02-30 is no day such as 2026-01-31"),
    (["--from=2026-1-1", "--to=2026-03-01"], "--from=2026-1-1 is no day such as 2026-01-31"),
    (["--from=0206-01-01", "--to=2026-03-01"], "--from=0206-01-01 is before 2000-01-01"),
    (["--from=2026-01-02", "--to=2026-01-01"], "--from=2026-01-02 is behind --to=2026-01-01"),
    (
      ["--from=2026-01-01", "--to=2026-01-01", "--label=job"],
      "--label=job is no NAME=VALUE such as job=cx"
    ),
    (
      ["--from=2026-01-01", "--to=2026-01-01", "--label=job="],
      "--label=job= is no NAME=VALUE such as job=cx"
    ),
    (
      ["--from=2026-01-01", "--to=2026-01-01", "--label=__name__=x"],
      "--label=__name__=x: \"__name__\" is no label's name"
    ),
    (
      ["--from=2026-01-01", "--to=2026-01-01", "--label=a-b=x"],
      "--label=a-b=x: \"a-b\" is no label's name"
    ),
    (
      ["--from=2026-01-01", "--to=2026-01-01", "--label=target=x"],
      "--label=target=x: the label target is there already"
    ),
    (
      ["--from=2026-01-01", "--to=2026-01-01", "--label=a=x", "--label=a=y"],
      "--label=a=y: the label a is there already"
    ),
    (
      ["--from=2026-01-01", "--to=2026-01-01", "--output=/dev/null"],
      "--output=/dev/null is no regular file; without --output standard output is written"
    ),
  ])
  func wrongFlags(words: [String], message: String) {
    #expect(throws: UsageError(message: message)) {
      try BackfillOptions(CommandLineArguments(["backfill"] + words))
    }
  }

  /// 2026-01-31T02:59:59Z and a second later: the 30th ended three hours ago, or nearly so.
  @Test(arguments: [
    ("Z", 1_769_828_399.0, "2026-01-29"), ("Z", 1_769_828_400.0, "2026-01-30"),
    ("+03:00", 1_769_828_399.0, "2026-01-30"), ("-05:00", 1_769_828_400.0, "2026-01-29"),
  ])
  func aDayMustHaveEndedThreeHoursAgo(offset: String, now: Double, last: String) throws {
    let zone = try #require(Zone(offset: offset))
    let options = try options("--from=2026-01-28", "--to=2027-01-01")
    #expect(options.days(in: zone, now: now)?.upperBound == CivilDate(last))
    let tooYoung = try self.options("--from=2026-01-31", "--to=2027-01-01")
    #expect(tooYoung.days(in: zone, now: now) == nil)
  }
}
