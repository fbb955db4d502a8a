import ConfigurationFile
import Testing

/// Secrets in the configuration itself: what is accepted, and that nothing shows them.
@Suite struct SecretTests {
  static let value = "sk-live-0123456789"

  struct Holder {
    let key: Secret
  }

  @Test(arguments: [Secret(value), Secret(file: "/run/\(value)")])
  func printsRedacted(secret: Secret) {
    var dumped = ""
    dump(secret, to: &dumped)
    var nested = ""
    dump(Holder(key: secret), to: &nested)
    for text in [
      "\(secret)", String(describing: secret), String(reflecting: secret), dumped, nested,
      "\(Holder(key: secret))", "\([secret])", "\(Optional(secret) as Any)",
      String(reflecting: ["k": secret]),
    ] {
      #expect(text.contains("<secret>"))
      #expect(!text.contains("sk-live"))
    }
    #expect(String(describing: secret) == "<secret>")
    #expect(Mirror(reflecting: secret).children.isEmpty)
  }

  @Test func theTreeDoesNotShowItEither() throws {
    let document = try ConfigurationDocument(
      text: "api_key: \(Self.value)\n",
      file: "c.yaml",
      environment: [:]
    )
    var dumped = ""
    dump(document, to: &dumped)
    let root = document.root(Diagnostics(file: "c.yaml"))
    dump(root, to: &dumped)
    dumped += "\(document) \(root) \(String(reflecting: document.node))"
    #expect(!dumped.contains("sk-live"))
  }

  @Test func aValueOrAVariable() throws {
    let root = try rootSection(
      "a: \(Self.value)\nb: ${KEY}\n",
      environment: ["KEY": "from the environment"]
    )
    #expect(try root.secret("a")?.value() == Self.value)
    #expect(try root.requiredSecret("b")?.value() == "from the environment")
    #expect(root.secret("c") == nil)
    #expect(root.secret("a")?.file == nil)
    root.finish()
    #expect(root.diagnostics.issues == [])
  }

  @Test(arguments: [
    DecodingCase(
      "b: 1",
      #"c.yaml:1:1: k: missing; give "k" or "k_file""#,
      "c.yaml:1:1: b: unknown key"
    ) {
      $0.requiredSecret("k")
    },
    DecodingCase("k:", "c.yaml:1:3: k: has no value") { $0.requiredSecret("k") },
    DecodingCase("k: ''", "c.yaml:1:4: k: is empty") { $0.secret("k") },
    DecodingCase("k: ' '", "c.yaml:1:4: k: \(SecretFileTests.blank)") { $0.secret("k") },
    DecodingCase("k: ${K}", environment: ["K": "\t"], "c.yaml:1:4: k: \(SecretFileTests.blank)") {
      $0.secret("k")
    },
    DecodingCase("k: [' ']", "c.yaml:1:5: k[0]: \(SecretFileTests.blank)") { $0.secrets("k") },
    DecodingCase("k: {u: ' '}", "c.yaml:1:8: k.u: \(SecretFileTests.blank)") { $0.secretMap("k") },
    DecodingCase(
      "k: ${K}",
      environment: ["K": "\u{FEFF}sk-live"],
      "c.yaml:1:4: k: begins with a byte order mark (U+FEFF); remove it"
    ) { $0.secret("k") },
    DecodingCase("k: [sk-live]", "c.yaml:1:4: k: must be text, not a list") { $0.secret("k") },
    DecodingCase("k: {sk-live: x}", "c.yaml:1:4: k: must be text, not a mapping") {
      $0.secret("k")
    },
    DecodingCase(
      "k: |\n  sk-live\n",
      "c.yaml:1:4: k: must be one line of text, but has a line break or a NUL in it"
    ) { $0.secret("k") },
    DecodingCase(
      "k: \"sk\\0live\"\n",
      "c.yaml:1:4: k: must be one line of text, but has a line break or a NUL in it"
    ) { $0.secret("k") },
    DecodingCase(
      "k: ${K}",
      environment: ["K": "sk-live\r\nX-Evil: 1"],
      "c.yaml:1:4: k: must be one line of text, but has a line break or a NUL in it"
    ) { $0.secret("k") },
    DecodingCase(
      "k: sk-live\nk_file: x",
      #"c.yaml:2:9: k_file: "k" is given as well; give only one of the two"#
    ) { $0.secret("k") },
    DecodingCase(
      "k_file: x\nk: sk-live",
      #"c.yaml:2:4: k: "k_file" is given as well; give only one of the two"#
    ) { $0.requiredSecret("k") },
    DecodingCase("k_fiel: x", #"c.yaml:1:1: k_fiel: unknown key; did you mean "k_file"?"#) {
      $0.secret("k")
    },
    DecodingCase("k: sk-live", "c.yaml:1:4: k: must be a list of texts") { $0.secrets("k") },
    DecodingCase("k: [a, [sk-live]]", "c.yaml:1:8: k[1]: must be text, not a list") {
      $0.secrets("k")
    },
    DecodingCase("k: sk-live", "c.yaml:1:4: k: must be a mapping of names to texts") {
      $0.secretMap("k")
    },
    DecodingCase("k: {u: ''}", "c.yaml:1:8: k.u: is empty") { $0.secretMap("k") },
  ])
  func mistakesAreToldWithoutTheSecret(sample: DecodingCase) {
    let lines = sample.lines()
    #expect(lines == sample.expected)
    #expect(!lines.joined().contains("sk-live"))
  }

  private static let warning =
    "looks like a variable or placeholder that was not replaced; write ${NAME} for an environment "
    + "variable, $$ for a dollar"

  @Test(arguments: [
    "$EXPERIA_KEY", "$experia_key", "Bearer $TOKEN", "Bearer $(TOKEN)", "%EXPERIA_KEY%",
    "Bearer %TOKEN%", "{{ key }}", "{{key}}", "Bearer {{ .Values.key }}", "{% key %}",
    "<%= key %>", "#{key}", "@KEY@", "__KEY__", "<key>", "<your key>", "Bearer <token>",
    "$env:KEY", "http://user:$PASSWORD@proxy:3128", "${UNEXPANDED}",
  ])
  func whatLooksUnexpandedGetsAWarning(value: String) throws {
    // As the environment gives it, which nobody looks at again.
    let root = try rootSection(
      "k: ${K}\nl: ['${K}']\nm: {u: '${K}'}\n",
      environment: ["K": value]
    )
    #expect(root.secret("k") != nil && root.secrets("l") != nil && root.secretMap("m") != nil)
    #expect(root.diagnostics.warnings.map(\.message) == Array(repeating: Self.warning, count: 3))
    #expect(root.diagnostics.issues.first?.line.hasPrefix("warning: c.yaml:1:4: k: looks") == true)
  }

  @Test(arguments: [
    Self.value, "$", "$5", "a$KEY", "x7$Kq9", "$$", "50%", "%41%42", "a<b>c", "@home", "__", "{}",
    "{a}", "$2y$10$abc", "p@$$w0rd", "A%B", "<>", "%%", "key=", "xoxb-1-2",
  ])
  func ordinarySecretsGetNone(value: String) throws {
    let root = try rootSection("k: ${K}\n", environment: ["K": value])
    #expect(try root.secret("k")?.value() == value)
    #expect(root.diagnostics.issues == [])
  }

  /// A dollar that is escaped is meant as one.
  @Test(arguments: ["$$KEY_OF_MINE", "$${KEY_OF_MINE}", "Bearer $$TOKEN"])
  func anEscapedDollarGetsNone(source: String) throws {
    let root = try rootSection("k: \(source)\n", environment: [:])
    #expect(root.secret("k") != nil)
    #expect(root.diagnostics.issues == [])
  }

  @Test func whatNamesAnAccountIsLookedAtToo() throws {
    let root = try rootSection("a: $BOT_ID\nb: '%BOT%'\nc: '{{ id }}'\nd: $id\ne: st-1\n")
    for key in ["a", "b", "c", "d", "e"] { _ = root.requiredString(key) }
    #expect(root.diagnostics.warnings.map(\.keyPath) == ["a", "b", "c"])
  }

  @Test func listsAndMaps() throws {
    let root = try rootSection("list: [a, b]\nmap: {u: x, t: y}\n")
    let list = try #require(root.secrets("list")).map { try $0.value() }
    #expect(list == ["a", "b"])
    let map = try #require(root.secretMap("map"))
    #expect(map.map(\.name) == ["u", "t"])
    #expect(try map.map { try $0.value.value() } == ["x", "y"])
    #expect(root.diagnostics.issues == [])
  }

  @Test func secretsAreEqualByWhatTheyAre() {
    #expect(Secret("a") == Secret("a"))
    #expect(Secret("a") != Secret("b"))
    #expect(Secret("a") != Secret(file: "a"))
  }
}
