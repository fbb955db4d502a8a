public import ConfigurationFile
public import Exposition
public import HTTPTransport

/// The keys that a target of any vendor has.
public struct TargetSettings: Sendable {
  /// The target's name: the label `target`.
  public var name: String
  /// The vendor's name as in `vendor:`.
  public var vendor: String
  /// The base URL without a trailing slash; a path may follow the host.
  public var url: String
  /// The static labels, sorted by name.
  public var labels: LabelSet
  /// Seconds between two polls.
  public var interval: Double
  /// One request's time limit.
  public var timeout: Duration
  /// Seconds after which a sample that no poll has renewed is no longer served.
  public var staleAfter: Double
  /// Seconds for which missed buckets are fetched.
  public var catchUp: Double
  /// The most bytes of an answer's body.
  public var maxResponseSize: Int
  /// Proxy and TLS.
  public var connection: ConnectionOptions
  /// Fields that go with every request.
  public var headers: [HeaderSetting]
  /// The target's own limits, or nil for the vendor's defaults.
  public var rateLimits: [RateLimit]?

  /// Settings with the documented defaults.
  public init(name: String, vendor: String, url: String) {
    self.name = name
    self.vendor = vendor
    self.url = url
    labels = LabelSet()
    interval = 60
    timeout = .seconds(10)
    staleAfter = 300
    catchUp = 31 * 86_400
    maxResponseSize = 8 << 20
    connection = ConnectionOptions()
    headers = []
    rateLimits = nil
  }

  /// The host, port and path of `url`, alike for all spellings of one server.
  ///
  /// It has no scheme, no default port and no dot of DNS' root; `url` itself has lower case and no
  /// trailing slash already.
  public var server: String {
    let scheme = url.prefix { $0 != ":" }
    let rest = url.dropFirst(scheme.count + 3)
    var authority = rest.prefix { $0 != "/" }
    let path = rest[authority.endIndex...]
    var port: Int?
    // A colon inside the brackets of an IPv6 address has no number up to the end behind it.
    if let colon = authority.lastIndex(of: ":"),
      let number = Int(authority[authority.index(after: colon)...])
    {
      port = number
      authority = authority[..<colon]
    }
    if authority.last == "." { authority.removeLast() }
    if port == (scheme == "https" ? 443 : 80) { port = nil }
    return authority + (port.map { ":\($0)" } ?? "") + path
  }

  /// The `http_headers`, in their order, with their secrets read afresh.
  func extraFields() throws(SecretError) -> [HTTPField] {
    var fields: [HTTPField] = []
    for header in headers { fields.append(HTTPField(header.name, try header.value.value())) }
    return fields
  }
}

/// One of `http_headers`: a name and a value, which is never shown with the configuration.
public struct HeaderSetting: Sendable {
  /// The field's name.
  public let name: String
  /// The field's value.
  public let value: Secret
  /// Whether the value is also kept out of what a vendor says: not one such as a plain account
  /// number, which names and texts hold by chance.
  public let isSecret: Bool

  init(name: String, value: Secret, isSecret: Bool = true) {
    self.name = name
    self.value = value
    self.isSecret = isSecret
  }
}

/// The keys of `defaults:`, which a target may give as well.
public struct SettingDefaults: Sendable {
  var interval = 60.0
  var timeout = Duration.seconds(10)
  var staleAfter: Double?
  /// Seconds for which a missed day is still asked for.
  public internal(set) var catchUp = 31 * 86_400.0
  var maxResponseSize = 8 << 20

  /// The documented defaults.
  public init() {}

  /// Takes the keys that a section gives and leaves the others.
  public mutating func read(_ section: Section) {
    let shortest = Duration.milliseconds(100)
    let day = Duration.seconds(86_400)
    if let value = section.duration("interval", in: .seconds(1)...day) { interval = value.seconds }
    if let value = section.duration("timeout", in: shortest...(.seconds(600))) { timeout = value }
    if let value = section.duration("stale_after", in: .seconds(1)...(day * 7)) {
      staleAfter = value.seconds
    }
    if let value = section.duration("catch_up", in: .zero...(day * 366)) { catchUp = value.seconds }
    if let value = section.byteCount("max_response_size", in: 1024...(1 << 30)) {
      maxResponseSize = value
    }
  }
}

extension Duration {
  /// The whole duration in seconds.
  public var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}
