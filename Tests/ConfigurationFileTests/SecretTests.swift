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
