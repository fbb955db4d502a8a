import ConfigurationFile
import TestSupport
import Testing

/// Reading the file itself.
@Suite struct DocumentTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  /// What the operator is told, without the folder's name.
  private func refusal(_ path: String) -> String? {
    let error = #expect(throws: ConfigurationError.self) {
      try ConfigurationDocument.load(path: path, environment: [:])
    }
    return error?.description.split(separator: folder.path + "/").joined()
  }

  @Test func aFileIsReadWithItsFolder() throws {
    let path = try folder.write("name: ${N}\n", to: "c.yaml")
    let document = try ConfigurationDocument.load(path: path, environment: ["N": "x"])
    #expect(document.file == path)
    #expect(document.folder == folder.path)
    let root = document.root(Diagnostics(file: path))
    #expect(root.string("name") == "x")
    #expect(root.path("name") == folder.path + "/x")
  }

  @Test func aFileThatCannotBeReadNamesItselfAndWhy() throws {
    #expect(
      refusal(folder.path + "/none.yaml")
        == "none.yaml: cannot be read: No such file or directory"
    )
    #expect(refusal(folder.path) == "\(folder.path): cannot be read: Is a directory")
  }

  @Test func sizeIsLimited() throws {
    let limit = ConfigurationDocument.maximumSize
    #expect(limit == 4 << 20)
    let comment = [UInt8]("a: 1 #".utf8)
    let largest = comment + Array(repeating: UInt8(ascii: "x"), count: limit - comment.count)
    let path = try folder.write(largest, to: "c.yaml")
    let document = try ConfigurationDocument.load(path: path, environment: [:])
    #expect(document.root(Diagnostics(file: path)).keys == ["a"])
    try folder.write(largest + [0x78], to: "c.yaml")
    #expect(refusal(path) == "c.yaml: cannot be read: larger than 4MiB")
    #expect(
      issueLines(String(repeating: "#", count: limit + 1)) == ["c.yaml: larger than 4MiB"]
    )
  }

  static let otherEncodings: [(text: String, tail: [UInt8], place: String)] = [
    ("a: ", [0xFF], "c.yaml:1:4"),
    ("a: é\nb: ", [0xC3, 0x28], "c.yaml:2:4"),
    // UTF-16 with its byte order mark.
    ("", [0xFF, 0xFE, 0x61, 0x00], "c.yaml:1:1"),
    // A surrogate, and a zero in two bytes.
    ("é", [0xED, 0xA0, 0x80], "c.yaml:1:2"),
    ("", [0xC0, 0x80], "c.yaml:1:1"),
    // Cut short.
    ("a: ", [0xE2, 0x82], "c.yaml:1:4"),
  ]

  @Test(arguments: otherEncodings)
  func otherEncodingsAreRefused(text: String, tail: [UInt8], place: String) throws {
    let bytes = Array(text.utf8) + tail
    let path = try folder.write(bytes, to: "c.yaml")
    #expect(refusal(path) == place + ": not UTF-8 text; save the file as UTF-8")
  }

  @Test func aByteOrderMarkIsAccepted() throws {
    let path = try folder.write([0xEF, 0xBB, 0xBF] + Array("a: 1\r\nb: 2\r\n".utf8), to: "c.yaml")
    let root = try ConfigurationDocument.load(path: path, environment: [:])
      .root(Diagnostics(file: path))
    #expect(root.keys == ["a", "b"])
    #expect(root.string("a") == "1")
  }

  @Test func errorsPrintOneLineEach() {
    let issues = [
      ConfigurationIssue(
        severity: .error,
        file: "c.yaml",
        mark: Mark(line: 12, column: 5),
        keyPath: "targets[0].intervall",
        message: "unknown key; did you mean \"interval\"?"
      ),
      ConfigurationIssue(
        severity: .warning,
        file: "c.yaml",
        mark: nil,
        keyPath: "",
        message: "odd"
      ),
    ]
    #expect(
      ConfigurationError(issues: issues).description == """
        c.yaml:12:5: targets[0].intervall: unknown key; did you mean "interval"?
        c.yaml: odd
        """
    )
  }

  @Test func diagnosticsSortByPlaceAndTellErrorsFromWarnings() {
    let diagnostics = Diagnostics(file: "c.yaml")
    diagnostics.warn("w", at: Mark(line: 2, column: 9), keyPath: "b")
    #expect(throws: Never.self) { try diagnostics.throwIfErrors() }
    diagnostics.report("late", at: Mark(line: 10, column: 1), keyPath: "c")
    diagnostics.report("first of two", at: Mark(line: 2, column: 10), keyPath: "b")
    diagnostics.report("second of two", at: Mark(line: 2, column: 10), keyPath: "a")
    diagnostics.report("whole", at: nil, keyPath: "")
    #expect(
      diagnostics.issues.map(\.message) == ["whole", "w", "first of two", "second of two", "late"]
    )
    #expect(diagnostics.warnings.map(\.message) == ["w"])
    #expect(diagnostics.errors.count == 4)
    #expect(diagnostics.hasErrors)
    let error = #expect(throws: ConfigurationError.self) { try diagnostics.throwIfErrors() }
    #expect(error?.issues == diagnostics.issues)
  }
}
