import ConfigurationFile
import Testing

/// A document, what decodes it, and every line the operator must be told.
struct DecodingCase: Sendable, CustomTestStringConvertible {
  let text: String
  let expected: [String]
  private let environment: [String: String]?
  private let decode: @Sendable (Section) -> Void

  init<Result>(
    _ text: String,
    environment: [String: String]? = [:],
    _ expected: String...,
    decode: @escaping @Sendable (Section) -> Result
  ) {
    self.text = text
    self.expected = expected
    self.environment = environment
    self.decode = { _ = decode($0) }
  }

  var testDescription: String { text }

  /// The lines that come of parsing the text as `c.yaml`, decoding it and finishing the root.
  func lines() -> [String] {
    issueLines(text, environment: environment, decode: decode)
  }
}

/// The lines that come of parsing the text as `c.yaml`, decoding it and finishing the root.
func issueLines(
  _ text: String,
  environment: [String: String]? = [:],
  decode: (Section) -> Void = { _ in }
) -> [String] {
  do {
    let document = try ConfigurationDocument(text: text, file: "c.yaml", environment: environment)
    let diagnostics = Diagnostics(file: document.file)
    let root = document.root(diagnostics)
    decode(root)
    root.finish()
    return diagnostics.issues.map(\.description)
  } catch {
    return error.issues.map(\.description)
  }
}

/// The root of a text that must parse, with the diagnostics of its decoding.
func rootSection(
  _ text: String,
  file: String = "c.yaml",
  environment: [String: String]? = [:]
) throws -> Section {
  let document = try ConfigurationDocument(text: text, file: file, environment: environment)
  return document.root(Diagnostics(file: file))
}
