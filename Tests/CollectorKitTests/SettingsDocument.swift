import CollectorKit
import ConfigurationFile
import Testing

/// A target's section as a document of its own, with every reader of CollectorKit applied.
struct SettingsDocument {
  let settings: TargetSettings?
  let mapping: RowMapping?
  let levels: [ServiceLevel]
  let zone: Zone?
  let offset: Zone?
  /// Errors and warnings as they are printed.
  let issues: [String]

  /// Decodes `name`, `vendor` and `url` on lines 1 to 3, and more from line 4 on.
  init(_ more: String, defaults: String = "", head: String = SettingsDocument.head) throws {
    var base = SettingDefaults()
    if !defaults.isEmpty {
      let document = try ConfigurationDocument(text: defaults, file: "d.yaml", environment: [:])
      let diagnostics = Diagnostics(file: "d.yaml")
      let section = document.root(diagnostics)
      base.read(section)
      section.finish()
      #expect(diagnostics.issues.isEmpty)
    }
    let document = try ConfigurationDocument(
      text: head + more,
      file: "/etc/cx/config.yaml",
      environment: [:]
    )
    let diagnostics = Diagnostics(file: "config.yaml")
    let section = document.root(diagnostics)
    _ = section.string("vendor")
    settings = TargetSettings(section, vendor: "kore", defaults: base)
    mapping = section.section("mapping").flatMap { RowMapping($0, prefix: "kore") }
    levels = section.serviceLevels(["response", "waiting"])
    zone = section.zone("timezone")
    offset = section.zoneOffset("timezone_offset")
    section.finish()
    issues = diagnostics.issues.map(\.description)
  }

  static let head = "name: bot\nvendor: kore\nurl: https://platform.kore.ai\n"
}
