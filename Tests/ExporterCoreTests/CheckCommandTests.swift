import Foundation
import Testing

@testable import ExporterCore

/// `check` by its exit status, and the configuration that the repository gives as an example.
@Suite struct CheckCommandTests {
  /// Writes files into a folder of their own, runs `check` there, and takes the folder away.
  private func check(
    _ files: [String: String],
    environment: [String: String] = [:]
  ) throws -> ExporterCore.ExitStatus {
    let folder = NSTemporaryDirectory() + "cx_exporter-check-\(UUID().uuidString)"
    let manager = FileManager.default
    try manager.createDirectory(atPath: folder + "/secrets", withIntermediateDirectories: true)
    defer { try? manager.removeItem(atPath: folder) }
    for (name, text) in files {
      let created = manager.createFile(
        atPath: "\(folder)/\(name)",
        contents: Data(text.utf8),
        attributes: [.posixPermissions: 0o600]
      )
      try #require(created)
    }
    let arguments = try CommandLineArguments(["check", "--config.file=\(folder)/config.yaml"])
    return CheckCommand(CommandContext(arguments: arguments, environment: environment)).run()
  }

  /// The example, which is accepted once its secrets exist, and is within every budget.
  @Test func theRepositorysExample() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let example = try String(
      contentsOf: root.appendingPathComponent("config.yaml"),
      encoding: .utf8
    )
    let secrets = example.split(separator: "\n").compactMap { line -> String? in
      guard let key = line.firstRange(of: "_file: secrets/"), !line.hasPrefix("#") else {
        return nil
      }
      return "secrets/" + line[key.upperBound...].prefix { $0 != " " }
    }
    #expect(secrets.count >= 4)
    var files = ["config.yaml": example]
    for secret in secrets { files[secret] = "s3cr3t\n" }
    #expect(try check(files) == .success)
    files[secrets[0]] = nil
    #expect(try check(files) == .usage)
  }

  @Test func verdicts() throws {
    let good = "targets:\n" + ConfigurationText.experia("a")
    #expect(try check(["config.yaml": good]) == .success)
    let over = "targets:\n" + ConfigurationText.experia("a", more: ", interval: 10s")
    #expect(try check(["config.yaml": over]) == .failure)
    #expect(try check(["config.yaml": "targets: []"]) == .usage)
    #expect(try check([:]) == .usage)
    let variable = "targets:\n" + ConfigurationText.experia("a", key: "\"${CX_KEY}\"")
    #expect(try check(["config.yaml": variable]) == .usage)
    #expect(try check(["config.yaml": variable], environment: ["CX_KEY": "k"]) == .success)
  }
}
