import CZlib

/// Undoes one content coding of an answer's body as it comes in (RFC 9110, section 8.4.1).
@safe
final class ContentDecoder {
  /// The codings that are asked for.
  static let accepted = "gzip, deflate"

  /// Why a body cannot be decoded.
  enum Fault: Error {
    /// It has become larger than is allowed.
    case tooLarge
    /// It is not what its `Content-Encoding` says, or a coding that is not known.
    case unreadable(String)
  }

  private enum Coding: String {
    case gzip, deflate
  }

  private enum State {
    /// Nothing has come.
    case untouched
    /// Within the data.
    case inside
    /// Whole data has ended: the body may end here.
    case ended
  }

  /// More codings than this are no server's honest answer.
  private static let maximumCodings = 4
  private static let roomSize = 32 << 10

  private let coding: Coding
  private let limit: Int
  /// Where zlib writes, made once: a server may send a byte at a time.
  private var room = [UInt8](repeating: 0, count: ContentDecoder.roomSize)
  private var produced = 0
  private var state = State.untouched
  /// The first bytes of a deflate body, until its format is known.
  private var opening: [UInt8] = []
  private var isOpen = false
  // zlib keeps the address of its stream.
  private let stream: UnsafeMutablePointer<z_stream>

  private init(_ coding: Coding, limit: Int) {
    self.coding = coding
    self.limit = limit
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
  }

  deinit {
    if isOpen { unsafe inflateEnd(stream) }
    unsafe stream.deallocate()
  }

  /// The decoders of a body.
  ///
  /// - Parameters:
  ///   - fields: The answer's fields.
  ///   - limit: The most bytes that any of them may produce.
  /// - Returns: The decoders, the outermost first; none if the body is not coded.
  /// - Throws: `Fault` for a coding that is not known.
  static func chain(
    for fields: [HTTPField],
    limit: Int
  ) throws(Fault) -> [ContentDecoder] {
    let names = fields.filter { $0.name.lowercased() == "content-encoding" }
      .flatMap { $0.value.split(separator: ",") }
      .map { HTTPFieldSyntax.trimmed(String($0)).lowercased() }
      .filter { !$0.isEmpty && $0 != "identity" }
    guard names.count <= maximumCodings else {
      throw .unreadable("the answer has \(names.count) content codings")
    }
    var chain: [ContentDecoder] = []
    // They are listed in the order in which they were applied.
    for name in names.reversed() {
      guard let coding = Coding(rawValue: name == "x-gzip" ? "gzip" : name) else {
        let shown = String(name.unicodeScalars.prefix(40).map { $0.isASCII ? Character($0) : "?" })
        throw .unreadable(
          "the answer has the content coding \"\(shown)\", which was not asked for; a proxy may "
            + "have changed it"
        )
      }
      chain.append(ContentDecoder(coding, limit: limit))
    }
    return chain
  }

  /// Decodes more of the body.
  ///
  /// - Parameters:
  ///   - bytes: What has come.
  ///   - take: Gets what it means, piece by piece.
  /// - Throws: `Fault`.
  func push(
    _ bytes: UnsafeRawBufferPointer,
    _ take: (UnsafeRawBufferPointer) throws(Fault) -> Void
  ) throws(Fault) {
    guard unsafe !bytes.isEmpty else { return }
    if isOpen {
      unsafe try inflateAll(bytes, take)
      return
    }
    unsafe opening += bytes
    guard coding == .gzip || opening.count >= 2 else {
      state = .inside
      return
    }
    try open()
    let first = opening
    opening = []
    var fault: Fault?
    unsafe first.withUnsafeBytes { bytes in
      do throws(Fault) { unsafe try inflateAll(bytes, take) } catch { fault = error }
    }
    if let fault { throw fault }
  }

  /// Says that the body has ended; one that is empty is whole.
  func finish() throws(Fault) {
    guard case .inside = state else { return }
    throw .unreadable("the answer's \(coding.rawValue) data ends too early")
  }

  /// `deflate` is the zlib format (RFC 1950), but some servers leave its wrapper out (RFC 9110,
  /// section 8.4.1.2).
  private func open() throws(Fault) {
    let hasWrapper =
      coding == .deflate && opening[0] & 0x0F == 8
      && (Int(opening[0]) << 8 | Int(opening[1])) % 31 == 0
    let window: Int32 = coding == .gzip ? 31 : hasWrapper ? 15 : -15
    let size = unsafe Int32(MemoryLayout<z_stream>.size)
    guard unsafe inflateInit2_(stream, window, ZLIB_VERSION, size) == Z_OK else {
      throw .unreadable("zlib cannot start: it is out of memory")
    }
    isOpen = true
  }

  private func inflateAll(
    _ bytes: UnsafeRawBufferPointer,
    _ take: (UnsafeRawBufferPointer) throws(Fault) -> Void
  ) throws(Fault) {
    // zlib only reads what `next_in` points at.
    unsafe stream.pointee.next_in = UnsafeMutablePointer(
      mutating: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    )
    unsafe stream.pointee.avail_in = UInt32(bytes.count)
    while true {
      if case .ended = state {
        guard try skipEnd() else { return }
      }
      var result = Z_OK
      var fault: Fault?
      unsafe room.withUnsafeMutableBytes { room in
        unsafe stream.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
        unsafe stream.pointee.avail_out = UInt32(room.count)
        result = unsafe inflate(stream, Z_NO_FLUSH)
        let count = unsafe room.count - Int(stream.pointee.avail_out)
        guard count > 0 else { return }
        produced += count
        do throws(Fault) {
          guard produced <= limit else { throw .tooLarge }
          unsafe try take(UnsafeRawBufferPointer(rebasing: room[..<count]))
        } catch {
          fault = error
        }
      }
      if let fault { throw fault }
      switch result {
      case Z_STREAM_END: state = .ended
      case Z_OK: state = .inside
      case Z_BUF_ERROR:
        // All that came is used up.
        return
      default: throw .unreadable(complaint)
      }
      if unsafe stream.pointee.avail_in == 0, unsafe stream.pointee.avail_out > 0 { return }
    }
  }

  /// What comes after whole data: another member of a gzip file (RFC 1952, section 2.2), or zeros,
  /// with which some programs pad.
  ///
  /// - Returns: Whether there is another member.
  private func skipEnd() throws(Fault) -> Bool {
    while unsafe stream.pointee.avail_in > 0, unsafe stream.pointee.next_in.pointee == 0 {
      unsafe stream.pointee.next_in += 1
      unsafe stream.pointee.avail_in -= 1
    }
    guard unsafe stream.pointee.avail_in > 0 else { return false }
    guard coding == .gzip, unsafe stream.pointee.next_in.pointee == 0x1F,
      unsafe inflateReset(stream) == Z_OK
    else {
      throw .unreadable("the answer's \(coding.rawValue) data is followed by other bytes")
    }
    state = .inside
    return true
  }

  private var complaint: String {
    if produced == 0, unsafe stream.pointee.total_in < 4 {
      return "the answer is not \(coding.rawValue), although its Content-Encoding says so"
    }
    var reason = "it cannot be decoded"
    if let text = unsafe stream.pointee.msg { unsafe reason = String(cString: text) }
    return "the answer's \(coding.rawValue) data is damaged: \(reason)"
  }
}
