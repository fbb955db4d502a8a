@testable import ConfigurationFile
@testable import ExporterCore

/// The file of `--web.config.file`: accepted, or refused with lines that name a place.
enum WebFuzzing {
  static func run(_ bytes: [UInt8]) {
    do throws(ConfigurationError) {
      let web = try WebConfiguration(
        ConfigurationDocument(bytes: bytes, file: "config.yaml", environment: nil)
      )
      for (name, value) in web.headers {
        require(WebConfiguration.allowedHeaders[name] != nil, "the field \(name)")
        require(
          value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 },
          "the value of \(name) ends its line: \(value.debugDescription)"
        )
      }
      for name in web.users.keys {
        require(!name.isEmpty && !name.contains(":"), "the user \(name.debugDescription)")
      }
      require(web.files.allSatisfy { !$0.isEmpty }, "a file without a name")
    } catch {
      FuzzedIssues.check(error)
    }
  }
}
