import ConfigurationFile
import Glibc
import TestSupport
import Testing

/// Secrets in files of their own.
@Suite struct SecretFileTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  /// The secret and the lines that come of `k_file: FILE` in the folder's configuration.
  private func decode(_ file: String) throws -> (secret: Secret?, lines: [String]) {
    let root = try rootSection("k_file: '\(file)'\n", file: folder.path + "/c.yaml")
    let secret = root.secret("k")
    root.finish()
    let prefix = folder.path + "/"
    let lines = root.diagnostics.issues.map { issue in
      let line = issue.description
      return line.hasPrefix(prefix) ? String(line.dropFirst(prefix.count)) : line
    }
    return (secret, lines)
  }

  @Test(arguments: [
    ("key", "key"), ("key\n", "key"), ("key\r\n", "key"), (" key \n", " key "), ("ключ\n", "ключ"),
    ("\u{FEFF}key\n", "key"), ("\u{FEFF}key\r\n", "key"),
  ])
  func oneTrailingNewlineIsDropped(content: String, value: String) throws {
    try folder.write(content, to: "key")
    let (secret, lines) = try decode("key")
    #expect(lines == [])
    #expect(secret?.file == folder.path + "/key")
    #expect(try secret?.value() == value)
  }

  @Test(arguments: ["$EXPERIA_KEY", "${EXPERIA_KEY:-sk-live}", "{{ sk-live }}", "<sk-live>"])
  func aPlaceholderGetsAWarning(content: String) throws {
    let path = try folder.write(content + "\n", to: "key")
    let (secret, lines) = try decode("key")
    #expect(try secret?.value() == content)
    #expect(
      lines == [
        "c.yaml:1:9: k_file: \"\(path)\" holds what looks like a variable or placeholder that was "
          + "not replaced; its text is sent as it is"
      ]
    )
  }

  @Test func itIsReadAgainAtEachUse() throws {
    let path = try folder.write("old\n", to: "key")
    let secret = try #require(try decode("key").secret)
    #expect(try secret.value() == "old")
    try folder.write("new\n", to: "key")
    #expect(try secret.value() == "new")
    try #require(unsafe unlink(path) == 0)
    let error = #expect(throws: SecretError.self) { try secret.value() }
    #expect(
      error?.description
        == "the secret file \"\(path)\" cannot be read: No such file or directory"
    )
  }

  static let broken = "must be one line of text, but has a line break or a NUL in it"

  static let blank = "is blank: it has only spaces or other invisible characters"

  static let badContents: [(text: String, tail: [UInt8], reason: String)] = [
    ("", [], "is empty"),
    ("\n", [], "is empty"),
    ("\r\n", [], "is empty"),
    ("sk-live\n\n", [], broken),
    ("sk\nlive\n", [], broken),
    ("sk-live\r", [], broken),
    ("sk\0live", [], broken),
    ("sk", [0xFF], "is not UTF-8 text"),
    (" ", [], blank), (" \n", [], blank), ("\n\n", [], blank), ("\t\r\n", [], blank),
    ("\u{A0}\u{200B}\n", [], blank), ("\u{FEFF}", [], "is empty"), ("\u{FEFF} \n", [], blank),
    ("\u{FEFF}\u{FEFF}sk", [], "begins with a byte order mark (U+FEFF); remove it"),
    ("", [0xFF, 0xFE, 0x73, 0, 0x6B, 0], "is UTF-16 text; save it as UTF-8"),
  ]

  @Test(arguments: badContents)
  func badContentIsToldWithThePathOnly(text: String, tail: [UInt8], reason: String) throws {
    let bytes = Array(text.utf8) + tail
    let path = try folder.write(bytes, to: "key")
    let (secret, lines) = try decode("key")
    #expect(secret == nil)
    #expect(lines == ["c.yaml:1:9: k_file: the secret file \"\(path)\" \(reason)"])
    #expect(!lines.joined().contains("sk"))
    let error = #expect(throws: SecretError.self) { try Secret(file: path).value() }
    #expect(error?.reason == reason)
    #expect(error?.file == path)
  }

  @Test func aLargeFileIsToldAlike() throws {
    try badContentIsToldWithThePathOnly(
      text: String(repeating: "a", count: 65_537),
      tail: [],
      reason: "cannot be read: larger than 64KiB"
    )
  }

  @Test func aFileThatCannotBeReadIsToldAtOnce() throws {
    let missing = try decode("secrets/none.key")
    #expect(missing.secret == nil)
    #expect(
      missing.lines == [
        """
        c.yaml:1:9: k_file: the secret file "\(folder.path)/secrets/none.key" cannot be read: \
        No such file or directory
        """
      ]
    )
    let directory = try decode(folder.path)
    #expect(
      directory.lines
        == ["c.yaml:1:9: k_file: the secret file \"\(folder.path)\" cannot be read: Is a directory"]
    )
    #expect(try decode("").lines == ["c.yaml:1:9: k_file: is empty"])
  }

  @Test func aPipeIsRefusedAndNotWaitedFor() throws {
    let path = try folder.makePipe("pipe")
    #expect(
      try decode("pipe").lines
        == ["c.yaml:1:9: k_file: the secret file \"\(path)\" cannot be read: not a regular file"]
    )
  }

  static let modes: [(mode: mode_t, shown: String?)] = [
    (0o600, nil), (0o400, nil), (0o700, nil), (0o640, nil), (0o440, nil), (0o644, "0644"),
    (0o604, "0604"), (0o660, "0660"), (0o444, "0444"), (0o650, "0650"), (0o601, "0601"),
  ]

  @Test(arguments: modes)
  func aFileOpenToOthersGetsAWarning(mode: mode_t, shown: String?) throws {
    let path = try folder.write("key\n", to: "key", mode: mode)
    let root = try rootSection("k_file: key\n", file: folder.path + "/c.yaml")
    let secret = root.requiredSecret("k")
    #expect(try secret?.value() == "key")
    #expect(root.diagnostics.errors == [])
    let expected = shown.map {
      "\"\(path)\" has mode \($0); only its owner should have access (chmod 600)"
    }
    #expect(root.diagnostics.warnings.map(\.message) == [expected].compactMap(\.self))
    #expect(root.diagnostics.warnings.allSatisfy { $0.mark == Mark(line: 1, column: 9) })
  }

  @Test func aListOfFiles() throws {
    try folder.write("one", to: "a")
    try folder.write("two", to: "b")
    let root = try rootSection("k: [a, b]\nl: [a, none]\n", file: folder.path + "/c.yaml")
    let values = try root.secretFiles("k")?.map { try $0.value() }
    #expect(values == ["one", "two"])
    #expect(root.secretFiles("l") == nil)
    #expect(root.diagnostics.errors.map(\.keyPath) == ["l[1]"])
  }
}
