import CCurl
import Glibc

/// The sockets of libcurl's connections; used by the loop's thread alone.
///
/// libcurl has no way to ask for the socket of a connection that is about to be used again
/// (`CURLINFO_ACTIVESOCKET` is the one of the transfer before), so it is found by its local address.
@safe
final class ConnectionSockets {
  private var descriptors: Set<Int32> = []

  /// Has the sockets of a handle's connections reported here.
  func watch(_ easy: EasyHandle) throws(TransportError) {
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    let code = unsafe cx_curl_watch_sockets(
      easy.pointer,
      { context, descriptor, _ in
        unsafe ConnectionSockets.at(context)?.descriptors.insert(descriptor)
        return CURL_SOCKOPT_OK
      },
      { context, descriptor in
        unsafe ConnectionSockets.at(context)?.descriptors.remove(descriptor)
        return close(descriptor)
      },
      context
    )
    try easy.check(code)
  }

  /// Whether nothing can be read on the connection with that local address.
  ///
  /// Bytes that come before a request are the answer to no request: the next answer would be taken
  /// for the one after it, and so on for as long as the connection lives.
  func isQuiet(_ address: UnsafePointer<CChar>, _ port: Int32) -> Bool {
    descriptors.allSatisfy { descriptor in
      unsafe cx_socket_is_at(descriptor, address, port) == 0 || cx_socket_is_quiet(descriptor) != 0
    }
  }

  private static func at(_ context: UnsafeMutableRawPointer?) -> ConnectionSockets? {
    guard let context = unsafe context else { return nil }
    return unsafe Unmanaged<ConnectionSockets>.fromOpaque(context).takeUnretainedValue()
  }
}
