import ConfigurationFile
import HTTPTransport

extension ConnectionOptions {
  /// Reads `proxy_url`, `no_proxy` and `tls_config`, Prometheus' HTTP client keys.
  init(_ section: Section) {
    self.init()
    if let proxy = section.secret("proxy_url") {
      // A proxy's address may hold a password: it is read as a secret and never shown.
      proxyURL = try? proxy.value()
      let schemes = ["http://", "https://", "socks5://", "socks5h://"]
      if !schemes.contains(where: { proxyURL?.lowercased().hasPrefix($0) ?? false }) {
        section.report(
          "a proxy's address starts with http://, https:// or socks5://",
          at: "proxy_url"
        )
      }
    }
    noProxy = section.string("no_proxy")
    if noProxy != nil, !section.has("proxy_url"), !section.has("proxy_url_file") {
      section.report("has no effect without proxy_url", at: "no_proxy")
    }
    guard let tls = section.section("tls_config") else { return }
    caFile = tls.pemPath("ca_file")
    certificateFile = tls.pemPath("cert_file")
    keyFile = tls.pemPath("key_file")
    serverName = tls.string("server_name")
    if let version = tls.choice("min_version", as: TLSVersion.self) { minimumTLSVersion = version }
    skipsVerification = tls.boolean("insecure_skip_verify") ?? false
    if (certificateFile == nil) != (keyFile == nil) {
      tls.report("cert_file and key_file belong together")
    }
    if skipsVerification {
      tls.warn(
        "turns certificate verification off: anyone on the way can read the credentials",
        at: "insecure_skip_verify"
      )
    }
    tls.finish()
  }
}
