import CollectorKit
import Collectors
import ConfigurationFile
import Exposition

/// The whole configuration, decoded and checked.
struct ExporterConfiguration: Sendable {
  /// A target with its collector, before it has a budget.
  struct Target: Sendable {
    var settings: TargetSettings
    let configured: ConfiguredCollector
    let vendorLimits: [RateLimit]
    /// Equal where nothing about the target has changed; never shown.
    var fingerprint = ""
  }

  /// The targets in the file's order.
  private(set) var targets: [Target]
  /// Those of all shards.
  let allTargets: [Target]
  /// `catch_up` of the defaults, in seconds.
  let defaultCatchUp: Double
  /// What is doubtful but can be run.
  private(set) var warnings: [ConfigurationIssue]
  /// The configuration as YAML with every secret as `<secret>`.
  let redactedText: String
  /// The file's path as given.
  let file: String

  /// Reads a file.
  ///
  /// - Throws: `ConfigurationError` with every error in it.
  static func load(
    path: String,
    environment: [String: String]
  ) throws(ConfigurationError) -> ExporterConfiguration {
    try ExporterConfiguration(
      ConfigurationDocument.load(path: path, environment: environment)
    )
  }

  /// Decodes a document.
  ///
  /// - Throws: `ConfigurationError` with every error in it.
  init(_ document: ConfigurationDocument) throws(ConfigurationError) {
    let diagnostics = Diagnostics(file: document.file)
    let root = document.root(diagnostics)
    var defaults = SettingDefaults()
    if let section = root.section("defaults") {
      defaults.read(section)
      section.finish()
    }
    var targets: [Target] = []
    root.require("targets")
    let sections = root.sections("targets")
    if case .sequence(let items) = root.node("targets")?.content, items.isEmpty {
      root.report("is empty: name a target", at: "targets")
    }
    var names: Set<String> = []
    var named: [String: (family: ConfiguredFamily, target: String)] = [:]
    for section in sections ?? [] {
      let target = ExporterConfiguration.target(section, defaults)
      section.finish()
      if let name = section.string("name"), !names.insert(name).inserted {
        section.report("another target is named \"\(name)\" as well; names are unique", at: "name")
      }
      guard let target else { continue }
      targets.append(target)
      for family in target.configured.collector.namedFamilies {
        let known = named[family.familyName]
        named[family.familyName] = known ?? (family, target.settings.name)
        guard let known, known.family != family else { continue }
        section.report(
          "the family \"\(family.metric)\" has another type or help in the target "
            + "\"\(known.target)\"; give it the same, or another name"
        )
      }
    }
    root.finish()
    try diagnostics.throwIfErrors()
    warnings = diagnostics.warnings
    defaultCatchUp = defaults.catchUp
    redactedText = document.redactedText(diagnostics)
    var items: [Node] = []
    if case .sequence(let nodes) = root.node("targets")?.content { items = nodes }
    let shared = root.node("defaults")?.fingerprint ?? ""
    file = document.file
    allTargets = zip(ExporterConfiguration.withEqualLabelNames(targets), items).map {
      target,
      node in
      var copy = target
      copy.fingerprint = "\(shared)\n\(node.fingerprint)\n\(target.settings.labels)"
      return copy
    }
    self.targets = allTargets
  }

  private static func target(_ section: Section, _ defaults: SettingDefaults) -> Target? {
    let known = BuiltinCollectors.all.map(\.name)
    section.require("vendor")
    let name = section.choice("vendor", of: known)
    let settings = TargetSettings(section, vendor: name ?? "", defaults: defaults)
    guard let name, let definition = BuiltinCollectors.definition(named: name) else {
      // What the vendor's keys are cannot be known: do not call them unknown.
      if section.has("vendor") || !section.keys.isEmpty { section.ignoreRest() }
      return nil
    }
    // The vendor's keys are read even where a common one is wrong: all errors at once.
    let placeholder = TargetSettings(name: "", vendor: name, url: "")
    let configured = definition.decode(section, settings ?? placeholder)
    guard let settings, let configured else { return nil }
    return Target(settings: settings, configured: configured, vendorLimits: definition.rateLimits)
  }

  /// Gives every target of a vendor the same static label names, empty where a target has none:
  /// a family has one label set, and Prometheus takes an empty label for an absent one.
  private static func withEqualLabelNames(_ targets: [Target]) -> [Target] {
    var names: [String: Set<String>] = [:]
    for target in targets {
      names[target.settings.vendor, default: []].formUnion(
        target.settings.labels.labels.map(\.name)
      )
    }
    return targets.map { target in
      var copy = target
      let wanted = names[target.settings.vendor, default: []].sorted()
      copy.settings.labels = LabelSet(
        wanted.map { Label(name: $0, value: target.settings.labels[$0] ?? "") }
      )
      return copy
    }
  }

  /// A copy with fewer targets and more warnings.
  func keeping(
    _ targets: [Target],
    warnings more: [ConfigurationIssue]
  ) -> ExporterConfiguration {
    var copy = self
    copy.targets = targets
    copy.warnings += more
    return copy
  }

  /// The limits of each credential: the strictest where targets that share one differ.
  var limitsByCredential: [String: [RateLimit]] {
    var limits: [String: [RateLimit]] = [:]
    // Those of other shards as well: the vendor knows no shards.
    for target in allTargets {
      let own = target.settings.rateLimits ?? target.vendorLimits
      let known = limits[target.configured.credential, default: []]
      let strictest = Dictionary(
        (known + own).map { ($0.window, $0.requests) },
        uniquingKeysWith: min
      )
      limits[target.configured.credential] = strictest.sorted { $0.key < $1.key }
        .map { RateLimit(requests: $0.value, window: $0.key) }
    }
    return limits
  }
}
