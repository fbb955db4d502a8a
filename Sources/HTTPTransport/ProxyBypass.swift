import Glibc

/// The hosts of `no_proxy`, read as Prometheus reads them.
///
/// libcurl's own list knows no ports, no CIDR blocks before 7.86, and would be compared with the
/// TLS server name instead of the real host. An entry is `*`, an address, a block such as
/// `10.0.0.0/8`, `example.com` (with its subdomains) or `.example.com` (its subdomains alone); an
/// address or name may carry a port.
struct ProxyBypass {
  private let entries: [String]

  init(_ list: String) {
    entries = list.lowercased().split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init)
  }

  /// Whether a host, an IPv6 address in brackets, is reached without the proxy.
  func covers(host: String, port: Int) -> Bool {
    var name = ProxyBypass.withoutBrackets(host.lowercased())
    if name.hasSuffix(".") { name.removeLast() }
    let address = ProxyBypass.address(name)
    return entries.contains { entry in
      if entry == "*" { return true }
      if let block = ProxyBypass.block(entry) {
        return address.map { ProxyBypass.isInside($0, block) } ?? false
      }
      let (pattern, wantedPort) = ProxyBypass.split(entry)
      if let wantedPort, wantedPort != port { return false }
      if let wanted = ProxyBypass.address(pattern) { return wanted == address }
      guard address == nil, !pattern.isEmpty else { return false }
      let suffix = pattern.hasPrefix("*.") ? String(pattern.dropFirst()) : pattern
      if suffix.hasPrefix(".") { return name.hasSuffix(suffix) && name != suffix }
      return name == suffix || name.hasSuffix("." + suffix)
    }
  }

  /// A name or address and the port behind it.
  private static func split(_ entry: String) -> (name: String, port: Int?) {
    if address(entry) != nil { return (entry, nil) }
    guard let colon = entry.lastIndex(of: ":"), let port = Int(entry[entry.index(after: colon)...])
    else { return (withoutBrackets(entry), nil) }
    return (withoutBrackets(String(entry[..<colon])), port)
  }

  private static func withoutBrackets(_ host: String) -> String {
    host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
  }

  /// The 4 or 16 bytes of an IP address, or nil.
  private static func address(_ text: String) -> [UInt8]? {
    for (family, size) in [(AF_INET, 4), (AF_INET6, 16)] {
      var bytes = [UInt8](repeating: 0, count: size)
      if unsafe inet_pton(family, text, &bytes) == 1 { return bytes }
    }
    return nil
  }

  private static func block(_ text: String) -> (address: [UInt8], bits: Int)? {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let address = address(String(parts[0])), let bits = Int(parts[1]),
      (0...address.count * 8).contains(bits)
    else { return nil }
    return (address, bits)
  }

  private static func isInside(_ address: [UInt8], _ block: (address: [UInt8], bits: Int)) -> Bool {
    guard address.count == block.address.count else { return false }
    return zip(address, block.address).enumerated().allSatisfy { index, pair in
      let bits = min(8, max(0, block.bits - index * 8))
      let mask = UInt8(truncatingIfNeeded: 0xFF00 >> bits)
      return pair.0 & mask == pair.1 & mask
    }
  }
}
