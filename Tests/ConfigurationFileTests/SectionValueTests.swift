import ConfigurationFile
import Testing

/// What right values become.
@Suite struct SectionValueTests {
  enum Level: String, CaseIterable { case low, high }

  @Test(arguments: [
    ("a: text", "text"), ("a: 5", "5"), ("a: true", "true"), ("a: 'null'", "null"),
    ("a: ''", ""), ("a: !!str 5", "5"), ("a: !!str ~", "~"), ("a: \"x\\ty\"", "x\ty"),
    ("a: |\n  one\n  two\n", "one\ntwo\n"), ("a: >-\n  one\n  two\n", "one two"),
    ("a: \"+03:00\"", "+03:00"), ("a: 'ключ 🔑'", "ключ 🔑"),
  ])
  func text(document: String, value: String) throws {
    let root = try rootSection(document)
    #expect(root.string("a") == value)
    #expect(root.diagnostics.issues == [])
  }

  @Test(arguments: [
    ("a: 0", 0), ("a: -5", -5), ("a: +5", 5), ("a: '5'", 5), ("a: 9223372036854775807", Int.max),
  ])
  func wholeNumbers(document: String, value: Int) throws {
    let root = try rootSection(document)
    #expect(root.integer("a", in: .min ... .max) == value)
    #expect(root.diagnostics.issues == [])
  }

  @Test(arguments: [("a: 0.90", 0.9), ("a: 1", 1), ("a: 1e-3", 0.001), ("a: '.5'", 0.5)])
  func numbers(document: String, value: Double) throws {
    let root = try rootSection(document)
    #expect(root.number("a", in: 0...1) == value)
    #expect(root.diagnostics.issues == [])
  }

  @Test(arguments: [
    ("true", true), ("True", true), ("yes", true), ("on", true), ("ON", true), ("'true'", true),
    ("false", false), ("FALSE", false), ("no", false), ("Off", false),
  ])
  func booleans(text: String, value: Bool) throws {
    let root = try rootSection("a: \(text)")
    #expect(root.boolean("a") == value)
    #expect(root.diagnostics.issues == [])
  }

  @Test func collections() throws {
    let root = try rootSection(
      """
      list: [a, 5]
      none: []
      levels: [high, low]
      level: high
      map: {b: 1, a: ''}
      files: [x.pem, /y.pem, ./z.pem]
      sections:
        - {k: 1}
        - {k: 2}
      named:
        z: {k: 3}
        "a b": {k: 4}
      size: 8MiB
      time: 1h30m
      """,
      file: "/etc/cx/config.yaml"
    )
    #expect(root.strings("list") == ["a", "5"])
    #expect(root.strings("none") == [])
    #expect(root.strings("absent") == nil)
    #expect(root.choices("levels", as: Level.self) == [.high, .low])
    #expect(root.choice("level", as: Level.self) == .high)
    let map = try #require(root.stringMap("map"))
    #expect(map.map(\.name) == ["b", "a"])
    #expect(map.map(\.value) == ["1", ""])
    #expect(map.map(\.mark) == [Mark(line: 5, column: 7), Mark(line: 5, column: 13)])
    #expect(root.paths("files") == ["/etc/cx/x.pem", "/y.pem", "/etc/cx/z.pem"])
    let sections = try #require(root.sections("sections"))
    #expect(sections.map(\.path) == ["sections[0]", "sections[1]"])
    #expect(sections.map { $0.integer("k", in: 0...9) } == [1, 2])
    let named = try #require(root.namedSections("named"))
    #expect(named.map(\.name) == ["z", "a b"])
    #expect(named.map { $0.section.path } == ["named.z", #"named["a b"]"#])
    #expect(named[0].section.mark == Mark(line: 11, column: 6))
    #expect(root.byteCount("size", in: 0...(.max)) == 8_388_608)
    #expect(root.duration("time", in: .zero...(.seconds(9000))) == .seconds(5400))
    root.finish()
    #expect(root.diagnostics.issues == [])
  }

  @Test func pathsStartFromTheFolderOfTheFile() throws {
    #expect(try rootSection("a: k", file: "/config.yaml").path("a") == "/k")
    let relative = try #require(try rootSection("a: k", file: "sub/config.yaml").path("a"))
    #expect(relative.hasPrefix("/"))
    #expect(relative.hasSuffix("/sub/k"))
  }

  @Test func keysAndPlacesCanBeAskedFor() throws {
    let root = try rootSection("b: 1\na: {x: 2}\n")
    #expect(root.keys == ["b", "a"])
    #expect(root.mark(of: "a") == Mark(line: 2, column: 4))
    #expect(root.mark(of: "absent") == Mark(line: 1, column: 1))
    let path = root.section("a")?.keyPath("x")
    #expect(path == "a.x")
    // The property must stay usable beside the reader of the same name.
    let own = root.path
    #expect(own == "")
  }
}
