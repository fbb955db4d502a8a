#if canImport(Glibc)
import Glibc
#endif

/// A connection's last request, as it came and as it was understood.
///
/// A scraper sends the same bytes every time; the same bytes at the start of a request mean the same, so
/// that they need not be parsed again.
struct RequestMemory {
  private var bytes: [UInt8] = []
  private var parsed: RequestParser.Parsed?

  /// Longer requests are not kept: an idle connection is to hold little.
  private static let limit = 1024

  /// What the bytes are known to mean, nil where they are others.
  ///
  /// - Parameters:
  ///   - received: Holds what was read at the start of a request.
  ///   - count: How many bytes that is.
  /// - Returns: The request, with what the connection has to know of it.
  func request(_ received: [UInt8], _ count: Int) -> RequestParser.Parsed? {
    guard count == bytes.count, let parsed else { return nil }
    let isSame = unsafe bytes.withUnsafeBytes { known in
      unsafe received.withUnsafeBytes { received in
        guard let left = known.baseAddress, let right = received.baseAddress else { return false }
        return unsafe memcmp(left, right, count) == 0
      }
    }
    return isSame ? parsed : nil
  }

  /// Keeps a request that was made of these bytes, whole and alone.
  mutating func keep(_ received: [UInt8], _ count: Int, _ parsed: RequestParser.Parsed) {
    guard count <= RequestMemory.limit, parsed.request.body.isEmpty else { return }
    bytes.removeAll(keepingCapacity: true)
    bytes.append(contentsOf: received[..<count])
    self.parsed = parsed
  }
}
