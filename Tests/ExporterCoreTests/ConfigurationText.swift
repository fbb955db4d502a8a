import ConfigurationFile

@testable import ExporterCore

/// Configurations from text, as the tests need them.
enum ConfigurationText {
  /// Decodes a whole configuration.
  static func decode(_ text: String) throws(ConfigurationError) -> ExporterConfiguration {
    try ExporterConfiguration(
      ConfigurationDocument(text: text, file: "config.yaml", environment: [:])
    )
  }

  /// The lines of what is wrong; empty for a configuration that is accepted.
  static func errors(_ text: String) -> [String] {
    do throws(ConfigurationError) {
      _ = try decode(text)
      return []
    } catch {
      return error.issues.map(\.description)
    }
  }

  /// An Experia target on one line.
  static func experia(_ name: String, key: String = "k-1", more: String = "") -> String {
    "  - {name: \(name), vendor: experia, url: \"http://\(name).test\", api_key: \(key)\(more)}\n"
  }
}
