public import ConfigurationFile
import Exposition
import HTTPTransport

extension TargetSettings {
  /// Reads the common keys of a target's section; errors go to the section's diagnostics.
  ///
  /// - Returns: The settings, or nil where `name`, `vendor` or `url` cannot be had.
  public init?(_ section: Section, vendor: String, defaults: SettingDefaults) {
    let name = section.requiredString("name")
    let url = section.url("url", schemes: ["https", "http"])
    section.require("url")

    var merged = defaults
    merged.read(section)
    self.init(name: name ?? "", vendor: vendor, url: url ?? "")
    interval = merged.interval
    timeout = merged.timeout
    staleAfter = merged.staleAfter ?? max(300, 3 * merged.interval)
    catchUp = merged.catchUp
    maxResponseSize = merged.maxResponseSize
    labels = TargetSettings.labels(section)
    connection = ConnectionOptions(section)
    headers = TargetSettings.headers(section)
    rateLimits = TargetSettings.rateLimits(section)

    if let name, !TargetSettings.isName(name) {
      section.report("a name has only a-z, 0-9, \"_\" and \"-\"", at: "name")
    }
    if staleAfter < interval {
      let isOwn = section.has("stale_after")
      section.report(
        (isOwn ? "" : "stale_after, from defaults, ")
          + "is shorter than the interval: samples would vanish between two polls",
        at: isOwn ? "stale_after" : nil
      )
    }
    guard name != nil, url != nil else { return nil }
  }

  private static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 100
      && text.utf8.allSatisfy { byte in
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
          || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
      }
  }

  /// Labels that the families themselves, or the scrape, give.
  private static let reservedLabels: Set<String> = [
    "target", "vendor", "job", "instance", "le", "quantile", "view", "period", "sla", "card",
    "field", "channel", "dashboard", "insight", "title", "time_range", "format", "department",
  ]

  private static func labels(_ section: Section) -> LabelSet {
    var labels: [Label] = []
    for entry in section.stringMap("labels") ?? [] {
      if !ExpositionValidator.isLabelName(entry.name) || entry.name.hasPrefix("__") {
        section.report(
          "\"\(entry.name)\" is no label name: letters, digits and \"_\", not starting with a digit "
            + "or \"__\"",
          at: "labels"
        )
      } else if reservedLabels.contains(entry.name) {
        section.report("the label \"\(entry.name)\" is set by the exporter", at: "labels")
      } else {
        labels.append(Label(name: entry.name, value: entry.value))
      }
    }
    return LabelSet(labels.sorted { $0.name < $1.name })
  }

  private static func rateLimits(_ section: Section) -> [RateLimit]? {
    guard let entries = section.sections("rate_limit") else { return nil }
    var limits: [RateLimit] = []
    for entry in entries {
      let requests = entry.integer("requests", in: 1...1_000_000)
      let window = entry.duration("per", in: .seconds(1)...(.seconds(31 * 86_400)))
      entry.require("requests")
      entry.require("per")
      entry.finish()
      if let requests, let window {
        limits.append(RateLimit(requests: requests, window: window.seconds))
      }
    }
    return limits
  }

  /// Prometheus' form (`values`, `secrets`, `files` below the name), or a plain string.
  private static func headers(_ section: Section) -> [HeaderSetting] {
    guard let names = section.section("http_headers") else { return [] }
    var headers: [HeaderSetting] = []
    for name in names.keys {
      guard isFieldName(name) else {
        names.report("\"\(name)\" is no header field name", at: name)
        continue
      }
      if names.isMapping(name) {
        guard let entry = names.section(name) else { continue }
        // All are checked, and hidden in the configuration, alike.
        headers += (entry.secrets("values") ?? []).map { plain(name, $0) }
        headers += ((entry.secrets("secrets") ?? []) + (entry.secretFiles("files") ?? [])).map {
          HeaderSetting(name: name, value: $0)
        }
        if entry.keys.isEmpty { entry.report("has no values, secrets or files") }
        entry.finish()
      } else if let value = names.secret(name) {
        headers.append(plain(name, value))
      }
    }
    return headers
  }

  /// A value that is a secret only if its field is one for credentials.
  private static func plain(_ name: String, _ value: Secret) -> HeaderSetting {
    HeaderSetting(name: name, value: value, isSecret: SecretMask.isCredential(name))
  }

  /// A token of RFC 9110, section 5.6.2, and none that the agent or libcurl sets itself.
  private static func isFieldName(_ text: String) -> Bool {
    let ruled: Set<String> = [
      "host", "content-length", "transfer-encoding", "connection", "accept-encoding",
    ]
    guard !text.isEmpty, !ruled.contains(text.lowercased()) else { return false }
    return text.utf8.allSatisfy { byte in
      (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
        || "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }
}
