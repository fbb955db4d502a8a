import CollectorKit
import ConfigurationFile

/// One agent's share of the targets.
extension ExporterConfiguration {
  /// The same configuration with the targets of one shard alone.
  ///
  /// What depends on other targets stays as it is for all of them: a family's static labels, and
  /// the limits of a credential.
  func limited(to shard: Shard) -> ExporterConfiguration {
    keeping(allTargets.filter { shard.contains($0.settings.name) }, warnings: warnings(for: shard))
  }

  /// What a shard cannot know of the others.
  private func warnings(for shard: Shard) -> [ConfigurationIssue] {
    func warning(_ message: String) -> ConfigurationIssue {
      ConfigurationIssue(
        severity: .warning,
        file: file,
        mark: nil,
        keyPath: "targets",
        message: message
      )
    }
    let own = allTargets.filter { shard.contains($0.settings.name) }
    guard !own.isEmpty else {
      return [warning("none is in shard \(shard.text): this agent polls nothing")]
    }
    var reported: Set<String> = []
    return own.compactMap { target in
      let credential = target.configured.credential
      guard !(target.settings.rateLimits ?? target.vendorLimits).isEmpty,
        let other = allTargets.first(where: {
          $0.configured.credential == credential && !shard.contains($0.settings.name)
        }), reported.insert(credential).inserted
      else { return nil }
      return warning(
        "\"\(target.settings.name)\" and \"\(other.settings.name)\" share a credential but no "
          + "shard, and agents do not know of each other's requests: give each its part of the "
          + "limit with rate_limit, or rename one of them into the other's shard"
      )
    }
  }
}
