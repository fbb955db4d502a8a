/// An address to listen on: `host:port`, `[v6]:port`, `:port` for every interface, or
/// `unix:///path` for a Unix socket.
public struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
  /// The host as given, without brackets; nil stands for every interface, IPv6 and IPv4, and for
  /// no host where there is a path.
  public let host: String?
  /// The port; 0 asks the system for any free one.
  public let port: UInt16
  /// The path of a Unix socket, or `@` and an abstract name; nil for TCP.
  public let path: String?

  /// A TCP address from its parts.
  public init(host: String?, port: UInt16) {
    self.host = host
    self.port = port
    path = nil
  }

  /// A Unix socket's address.
  public init(path: String) {
    host = nil
    port = 0
    self.path = path
  }

  /// Reads `host:port`, `[v6]:port`, `:port`, `unix:///path` or `unix:/path`.
  ///
  /// - Throws: `ListenerError` where the text is none of these.
  public init(parsing text: String) throws(ListenerError) {
    func refusal(_ reason: String) -> ListenerError {
      ListenerError(
        message: "listen address \"\(text)\": \(reason); "
          + "write host:port, [v6]:port, :port or unix:///path"
      )
    }
    if text.hasPrefix("unix:") {
      let rest = text.dropFirst(5)
      let path = rest.hasPrefix("///") ? rest.dropFirst(2) : rest
      guard path.hasPrefix("/"), !path.hasPrefix("//") else {
        throw refusal("the socket's path does not start from /")
      }
      guard path.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
        throw refusal("the socket's path has a control character")
      }
      guard path.utf8.count <= ListenAddress.longestPath else {
        throw refusal("the socket's path is over \(ListenAddress.longestPath) bytes")
      }
      self.init(path: String(path))
      return
    }
    guard let colon = text.lastIndex(of: ":") else { throw refusal("there is no port") }
    let digits = text[text.index(after: colon)...]
    guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
      let port = UInt16(digits)
    else {
      throw refusal("the port is not a number from 0 to 65535")
    }
    let host = text[..<colon]
    guard host.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "/") }) else {
      throw refusal("the host has a character that no host has")
    }
    if host.hasPrefix("[") {
      guard host.hasSuffix("]"), host.count > 2, host.contains(":") else {
        throw refusal("the brackets hold no IPv6 address")
      }
      self.init(host: String(host.dropFirst().dropLast()), port: port)
    } else if host.contains(":") {
      throw refusal("an IPv6 address stands in brackets")
    } else if host.contains("[") || host.contains("]") {
      throw refusal("the brackets do not pair")
    } else {
      self.init(host: host.isEmpty ? nil : String(host), port: port)
    }
  }

  /// Bytes of `sun_path` without the zero at its end (unix(7)).
  private static let longestPath = 107

  /// The address as it is written, brackets included.
  public var description: String {
    if let path { return "unix://\(path)" }
    guard let host else { return ":\(port)" }
    return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
  }
}
