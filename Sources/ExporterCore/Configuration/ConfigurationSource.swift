import ConfigurationFile

/// Where a configuration comes from, to be read again at a reload.
struct ConfigurationSource: Sendable {
  let path: String
  let environment: [String: String]
  var shard = Shard.all

  /// Reads and decodes the file.
  ///
  /// - Throws: `ConfigurationError` with every error in it.
  func load() throws(ConfigurationError) -> ExporterConfiguration {
    try ExporterConfiguration.load(path: path, environment: environment).limited(to: shard)
  }
}
