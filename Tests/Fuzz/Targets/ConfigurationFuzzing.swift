import CollectorKit

@testable import ConfigurationFile
@testable import ExporterCore

/// The configuration: accepted, or refused with lines that name a place.
enum ConfigurationFuzzing {
  private static let environment = ["KEY": "s3cr3t-of-the-environment", "EMPTY": ""]

  static func run(_ bytes: [UInt8]) {
    do throws(ConfigurationError) {
      let document = try ConfigurationDocument(
        bytes: bytes,
        file: "config.yaml",
        environment: environment
      )
      let configuration = try ExporterConfiguration(document)
      for target in configuration.targets {
        require(!target.settings.name.isEmpty, "a target without a name")
        require(!CheckCommand.line(target).contains("\n"), "a line that is two")
      }
      for plan in CheckCommand.plans(configuration) {
        require(!plan.text.isEmpty, "a plan without a text")
      }
      checkRedacted(configuration.redactedText)
    } catch {
      FuzzedIssues.check(error)
    }
  }

  /// What `/config` shows is a configuration of the same shape.
  private static func checkRedacted(_ text: String) {
    do throws(ConfigurationError) {
      _ = try ConfigurationDocument(text: text, file: "config.yaml", environment: nil)
    } catch {
      require(false, "what /config shows cannot be read again: \(error.issues)\n\(text)")
    }
    require(!text.contains("s3cr3t-of-the-environment"), "/config shows a variable's value")
  }
}

/// What is told of a file that was refused.
enum FuzzedIssues {
  static func check(_ error: ConfigurationError) {
    require(error.issues.contains { $0.severity == .error }, "refused without an error")
    for issue in error.issues {
      let line = issue.description
      require(line.hasPrefix("config.yaml:"), "names no place: \(line)")
      require(
        !line.utf8.contains { $0 < 0x20 },
        "has a control character: \(line.debugDescription)"
      )
    }
  }
}
