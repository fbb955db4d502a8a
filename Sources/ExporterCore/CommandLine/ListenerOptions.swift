import HTTPListener

/// The flags about the listener, checked.
struct ListenerOptions: Sendable {
  let addresses: [ListenAddress]
  /// Whether to listen on the sockets that systemd passes, and not on `addresses`.
  let usesSystemdSockets: Bool
  /// Whether addresses were given that are not used.
  let ignoresAddresses: Bool
  let telemetryPath: String
  /// The file with TLS, users and headers.
  let webConfigurationFile: String?
  let limits: ListenerLimits
  let maxRequests: Int
  let writesCreated: Bool
  let showsOwnMetrics: Bool
  let allowsLifecycle: Bool

  /// Reads the flags.
  ///
  /// - Throws: `UsageError` for an address or a path that is none.
  init(_ arguments: CommandLineArguments) throws(UsageError) {
    var addresses: [ListenAddress] = []
    for text in arguments.list("web.listen-address") {
      do {
        addresses.append(try ListenAddress(parsing: text))
      } catch {
        throw UsageError(message: error.message)
      }
    }
    usesSystemdSockets = arguments.isOn("web.systemd-socket")
    ignoresAddresses = usesSystemdSockets && arguments.isGiven("web.listen-address")
    self.addresses = usesSystemdSockets ? [] : addresses
    telemetryPath = arguments.value("web.telemetry-path")
    guard telemetryPath.hasPrefix("/"), telemetryPath.utf8.allSatisfy(ListenerOptions.isPathByte)
    else {
      throw UsageError(
        message: "--web.telemetry-path=\(telemetryPath) must be a path that starts with /"
      )
    }
    guard !Endpoints.fixedPaths.contains(telemetryPath) else {
      throw UsageError(message: "--web.telemetry-path=\(telemetryPath) is taken; choose another")
    }
    webConfigurationFile =
      arguments.isGiven("web.config.file") ? arguments.value("web.config.file") : nil
    var limits = ListenerLimits()
    limits.maxConnections = arguments.integer("web.max-connections")
    self.limits = limits
    maxRequests = arguments.integer("web.max-requests")
    writesCreated = arguments.isOn("openmetrics.created-samples")
    allowsLifecycle = arguments.isOn("web.enable-lifecycle")
    showsOwnMetrics = !arguments.isOn("web.disable-exporter-metrics")
  }

  /// What a path may hold without percent-encoding (RFC 3986, section 3.3).
  private static func isPathByte(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
      || "/-._~!$&'()*+,;=:@".utf8.contains(byte)
  }
}
