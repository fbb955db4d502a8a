/// Gathers an answer's status line, fields and body as libcurl hands them over, within limits.
struct ResponseCollector {
  /// Why bytes were refused.
  enum Refusal {
    case fields
    case body
  }

  /// The most bytes of status lines, fields and trailers taken, interim answers included.
  static let maxFieldBytes = 64 << 10

  private(set) var refusal: Refusal?
  private(set) var receivedBytes = 0
  private let maxBodySize: Int
  private var fieldBytes = 0
  private var status = 0
  private var isComplete = false
  private var fields: [HTTPField] = []
  private var body: [UInt8] = []
  /// What undoes the body's content codings, the outermost first.
  private var decoders: [ContentDecoder] = []
  private var codingFault: String?
  private var codedBytes = 0

  init(maxBodySize: Int) {
    self.maxBodySize = maxBodySize
  }

  /// Takes one line: a status line, a field, a continuation of one, or the empty line at the end.
  ///
  /// - Returns: false where the lines have grown too many.
  mutating func takeFieldLine(_ bytes: UnsafeRawBufferPointer) -> Bool {
    fieldBytes += bytes.count
    receivedBytes += bytes.count
    guard fieldBytes <= ResponseCollector.maxFieldBytes else {
      refusal = .fields
      return false
    }
    let line = unsafe trimmed(bytes[...])
    if unsafe line.starts(with: "HTTP/".utf8) {
      // A final answer follows its interim ones (RFC 9110, section 15.2): theirs are dropped.
      unsafe status = ResponseCollector.status(in: line)
      isComplete = false
      fields = []
      decoders = []
      codingFault = nil
    } else if unsafe line.isEmpty {
      isComplete = status >= 200
      if isComplete {
        reserveBody()
        chooseDecoders()
      }
    } else if !isComplete {
      unsafe appendField(line, isContinuation: bytes.first.map(isBlank) ?? false)
    }
    // What follows a complete answer's fields is a trailer, of which nothing is used.
    return true
  }

  /// Whether the answer's status is that one.
  func has(status: Int) -> Bool { self.status == status }

  /// Takes bytes of the body as they were sent.
  ///
  /// - Returns: false where the body has grown too large, before or after it was decoded.
  mutating func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
    receivedBytes += bytes.count
    codedBytes += bytes.count
    do throws(ContentDecoder.Fault) {
      guard codedBytes <= maxBodySize else { throw .tooLarge }
      if codingFault == nil { unsafe try decode(bytes, from: 0) }
      return true
    } catch {
      return take(error)
    }
  }

  private mutating func decode(
    _ bytes: UnsafeRawBufferPointer,
    from place: Int
  ) throws(ContentDecoder.Fault) {
    guard place < decoders.count else {
      guard bytes.count <= maxBodySize - body.count else { throw .tooLarge }
      unsafe body.append(contentsOf: bytes)
      return
    }
    unsafe try decoders[place].push(bytes) { (bytes) throws(ContentDecoder.Fault) in
      unsafe try decode(bytes, from: place + 1)
    }
  }

  /// Keeps why the body cannot be had.
  ///
  /// - Returns: Whether the rest of the answer is still of use: its status and fields are.
  private mutating func take(_ fault: ContentDecoder.Fault) -> Bool {
    body = []
    switch fault {
    case .tooLarge:
      refusal = .body
      return false
    case .unreadable(let reason):
      codingFault = reason
      return true
    }
  }

  private mutating func chooseDecoders() {
    do throws(ContentDecoder.Fault) {
      decoders = try ContentDecoder.chain(for: fields, limit: maxBodySize)
    } catch {
      _ = take(error)
    }
  }

  /// Moves the answer out; the collector is empty afterwards.
  mutating func takeResponse(status: Int) -> HTTPClientResponse {
    do throws(ContentDecoder.Fault) {
      if codingFault == nil {
        for decoder in decoders { try decoder.finish() }
      }
    } catch {
      _ = take(error)
    }
    var body: [UInt8] = []
    swap(&body, &self.body)
    var response = HTTPClientResponse(status: status, fields: fields, body: body)
    if codedBytes > 0 { response.codingFault = codingFault }
    return response
  }

  private mutating func appendField(
    _ line: UnsafeRawBufferPointer.SubSequence,
    isContinuation: Bool
  ) {
    if isContinuation {
      // An obs-fold stands for one space (RFC 9112, section 5.2).
      guard let last = fields.indices.last else { return }
      let more = unsafe String(decoding: line, as: UTF8.self)
      fields[last].value += fields[last].value.isEmpty ? more : " " + more
      return
    }
    guard let colon = unsafe line.firstIndex(of: UInt8(ascii: ":")) else { return }
    let name = unsafe String(decoding: line[..<colon], as: UTF8.self)
    let value = unsafe String(decoding: trimmed(line[(colon + 1)...]), as: UTF8.self)
    fields.append(HTTPField(name, value))
  }

  /// Makes room once for a body whose length was announced, never for more than is allowed.
  private mutating func reserveBody() {
    guard let text = fields.last(where: { $0.name.lowercased() == "content-length" })?.value,
      let length = Int(text), length > 0
    else { return }
    body.reserveCapacity(min(length, maxBodySize))
  }

  /// The three digits after the version, or 0.
  private static func status(in line: UnsafeRawBufferPointer.SubSequence) -> Int {
    guard let space = unsafe line.firstIndex(of: UInt8(ascii: " ")) else { return 0 }
    let digits = unsafe line[(space + 1)...].prefix(3)
    return unsafe Int(String(decoding: digits, as: UTF8.self)) ?? 0
  }
}

private func isBlank(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
}

/// The line without white space and line end at either side.
private func trimmed(
  _ line: UnsafeRawBufferPointer.SubSequence
) -> UnsafeRawBufferPointer.SubSequence {
  func isOuter(_ byte: UInt8) -> Bool {
    isBlank(byte) || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n")
  }
  var rest = unsafe line.drop(while: isOuter)
  while let last = unsafe rest.last, isOuter(last) { unsafe rest.removeLast() }
  return unsafe rest
}
