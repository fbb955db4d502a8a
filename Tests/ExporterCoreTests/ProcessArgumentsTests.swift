import TestSupport
import Testing

@testable import ExporterCore

/// The words of a command line as proc_pid_cmdline(5) shows them.
@Suite struct ProcessArgumentsTests {
  @Test(arguments: [
    ("cx_exporter\0", []), ("\0", []), ("cx\0check\0", ["check"]),
    ("cx\0\0--a=\0\0", ["", "--a=", ""]), ("cx\0a b\nc\0", ["a b\nc"]), ("cx\0ключ\0", ["ключ"]),
    // A program that has overwritten its title leaves no NUL at the end.
    ("cx\0a", ["a"]),
  ])
  func words(_ text: String, expected: [String]) throws {
    #expect(try ProcessArguments.words(Array(text.utf8)) == expected)
  }

  @Test func manyAndLongOnes() throws {
    let words = (0..<2000).map { String(repeating: "x", count: 2000) + "\($0)" }
    let bytes = (["cx"] + words).flatMap { (word: String) -> [UInt8] in Array(word.utf8) + [0] }
    let folder = try TemporaryFolder()
    let file = try folder.write(bytes, to: "cmdline")
    #expect(try ProcessArguments.read(from: file) == words)
  }

  @Test func itsOwn() throws {
    #expect(try ProcessArguments.read() == Array(CommandLine.arguments.dropFirst()))
  }

  @Test func whatCannotBeRead() {
    #expect(
      throws: ProcessArguments.Failure.unreadable(
        "cannot read the command line from /nowhere: No such file or directory; mount /proc"
      )
    ) { try ProcessArguments.read(from: "/nowhere") }
    #expect(
      throws: ProcessArguments.Failure.unreadable(
        "cannot read the command line from /dev/null: it is empty; mount /proc"
      )
    ) { try ProcessArguments.read(from: "/dev/null") }
  }

  @Test func whatIsNoText() {
    let bytes = Array("cx\0check\0--config.file=caf".utf8) + [0xE9, 0]
    #expect(
      throws: ProcessArguments.Failure.wrong(
        "argument 2 is not UTF-8 text: \"--config.file=caf\u{FFFD}\"; rename what it names"
      )
    ) { try ProcessArguments.words(bytes) }
  }
}
