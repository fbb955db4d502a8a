import CollectorKit
import Collectors
import ConfigurationFile
import Testing

/// A target's keys, and the lines that are said of them.
struct ConformanceIssues: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// The vendor's own keys in YAML; they start in line 4, behind name, vendor and url.
  let keys: String
  /// Errors and warnings in the order of the file, without its name.
  let expected: [String]

  init(_ description: String, _ keys: String, _ expected: String...) {
    testDescription = description
    self.keys = keys
    self.expected = expected
  }

  /// What is really said, and whether there is a collector.
  func decode(vendor: String) throws -> (lines: [String], isUsable: Bool) {
    let head = "name: example\nvendor: \(vendor)\nurl: https://vendor.test\n"
    let document = try ConfigurationDocument(text: head + keys, file: "/c.yaml", environment: nil)
    let diagnostics = Diagnostics(file: "c")
    let section = document.root(diagnostics)
    _ = section.requiredString("vendor")
    let definition = try #require(BuiltinCollectors.definition(named: vendor))
    let settings = TargetSettings(section, vendor: vendor, defaults: SettingDefaults())
    let configured = settings.flatMap { definition.decode(section, $0) }
    section.finish()
    let lines = diagnostics.issues.map { String($0.description.dropFirst(2)) }
    return (lines, configured != nil && !diagnostics.hasErrors)
  }
}
