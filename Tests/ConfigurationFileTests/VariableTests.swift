import ConfigurationFile
import Testing

/// `${NAME}`, `$$` and every other dollar.
@Suite struct VariableTests {
  static let environment = ["A": "one", "_b2": "two", "EMPTY": "", "DOLLAR": "$$ ${A}"]

  @Test(arguments: [
    ("${A}", "one"), ("x${A}y${_b2}z", "xoneytwoz"), ("${A}${A}", "oneone"), ("-${EMPTY}-", "--"),
    ("$$", "$"), ("$$$$", "$$"), ("$${A}", "${A}"), ("$$${A}", "$one"), ("$", "$"), ("a$", "a$"),
    ("$x", "$x"), ("$A", "$A"), ("$${A:-x}", "${A:-x}"), ("$$(a)", "$(a)"), ("$(", "$("),
    ("$(a", "$(a"), ("$()", "$()"), ("a$(5)", "a$(5)"), ("é${A}é", "éoneé"),
    // What a variable holds is not looked at again.
    ("${DOLLAR}", "$$ ${A}"),
  ])
  func replaced(text: String, value: String) throws {
    let root = try rootSection("a: '\(text)'", environment: Self.environment)
    #expect(root.string("a") == value)
    #expect(root.diagnostics.issues == [])
  }

  /// A shell's forms are errors, which show nothing that may be a secret.
  @Test(arguments: [
    ("${A:-hidden}", "${A:-…}"), ("${A-hidden}", "${A-…}"), ("${A:?hidden}", "${A:?…}"),
    ("${A+hidden}", "${A+…}"), ("${A:=hidden}", "${A:=…}"), ("${A##hidden}", "${A##…}"),
    ("${#A}", "${#A…}"), ("${!A}", "${!A…}"), ("${1A}", "${…}"), ("${}", "${…}"),
    ("${ A }", "${…}"),
    ("${É}", "${…}"),
    ("${", "${ without }"), ("key${hidden", "${ without }"), ("${${A}}", "${…}"),
    ("${UNSET:-hidden}", "${UNSET:-…}"), ("$(hidden)", "$(…)"), ("x$(cat hidden)", "$(…)"),
    ("${A}${B:-hidden}", "${B:-…}"),
  ])
  func unsupported(text: String, form: String) throws {
    let root = try rootSection("a: '\(text)'", environment: Self.environment)
    #expect(root.string("a") == nil)
    #expect(
      root.diagnostics.issues.map(\.description) == [
        "c.yaml:1:4: a: \(form) is not supported: only ${NAME} is replaced; write $$ for a dollar "
          + "that is meant as one"
      ]
    )
  }

  @Test(arguments: ["[x, y]", "{b: 1}", "x\nb: 2", "# x", "*x", "~", "null", "'", "a: b"])
  func aValueNeverChangesTheStructure(value: String) throws {
    let root = try rootSection("a: ${V}\n", environment: ["V": value])
    #expect(root.string("a") == value)
    root.finish()
    #expect(root.diagnostics.issues == [])
  }

  @Test func typedReadersTakeValuesOfTheEnvironment() throws {
    let root = try rootSection("a: ${N}0\nb: '${N}m'\n", environment: ["N": "5"])
    #expect(root.integer("a", in: 0...99) == 50)
    #expect(root.duration("b", in: .zero...(.seconds(999))) == .seconds(300))
    #expect(root.diagnostics.issues == [])
  }

  @Test func manyUnfinishedVariablesTakeNoLongerThanTheirText() throws {
    let text = String(repeating: "${", count: 200_000)
    let root = try rootSection("a: '\(text)'\n", environment: [:])
    #expect(root.diagnostics.errors.count == 1)
  }

  @Test func keysAreLeftAlone() throws {
    let root = try rootSection("${A}: 1\n", environment: Self.environment)
    #expect(root.keys == ["${A}"])
  }

  @Test func withoutAnEnvironmentADollarIsADollar() throws {
    let hash = "$2y$10$$${A}"
    let root = try rootSection("a: \(hash)\n", environment: nil)
    #expect(root.string("a") == hash)
  }
}
