/// Turns the bytes of a connection into requests, however they are split.
///
/// Bytes are appended as they arrive; `next` gives the requests one by one. Line ends are CRLF
/// only: a bare LF is refused, as RFC 9112, section 2.2, allows, because whoever stands between
/// client and server may read it otherwise.
struct RequestParser {
  /// A whole request and what the connection has to know of it.
  struct Parsed {
    let request: HTTPRequest
    let keepsAlive: Bool
    /// HTTP/1.0, whose clients have to be told that the connection stays open.
    let isVersion10: Bool
  }

  private enum State {
    case requestLine
    case fieldLines
    case lengthBody(rest: Int)
    case chunkSize
    case chunkData(rest: Int)
    case chunkEnd
    case trailerLines
    case failed
  }

  private enum Part {
    case request
    case field
    case body
    case chunkSize
    case chunkEnd
  }

  private let limits: ListenerLimits
  private var state = State.requestLine
  private var buffer: [UInt8] = []
  /// Where the unread bytes start.
  private var start = 0
  /// Up to where they were searched for a line end.
  private var scanned = 0
  private var headBytes = 0
  private var sawEmptyLine = false
  private var head: RequestHead?
  private var body: [UInt8] = []

  /// Whether the client waits for `100 Continue`; whoever sends it sets this back.
  var awaitsContinue = false

  init(limits: ListenerLimits) {
    self.limits = limits
  }

  /// Whether there are bytes that no request has taken.
  var hasBufferedBytes: Bool { start < buffer.count }

  /// Whether a request has begun and not ended.
  var isInsideRequest: Bool {
    if case .requestLine = state { hasBufferedBytes } else { true }
  }

  /// Whether the next byte is the first one since the request before.
  var isAtStart: Bool { !isInsideRequest && !sawEmptyLine }

  /// Whether the head is there and the body is not.
  var isInsideBody: Bool {
    switch state {
    case .requestLine, .fieldLines, .failed: false
    case .lengthBody, .chunkSize, .chunkData, .chunkEnd, .trailerLines: true
    }
  }

  /// Takes what was received.
  mutating func append(_ bytes: ArraySlice<UInt8>) {
    if start == buffer.count {
      buffer.removeAll(keepingCapacity: true)
      scanned = 0
      start = 0
    } else if start > 4096 {
      buffer.removeSubrange(..<start)
      scanned -= start
      start = 0
    }
    buffer.append(contentsOf: bytes)
  }

  /// The next whole request, or nil where more bytes are needed.
  ///
  /// - Throws: `RequestFailure`, after which the connection is of no more use.
  mutating func next() throws(RequestFailure) -> Parsed? {
    do {
      while true {
        switch state {
        case .requestLine:
          guard let line = try line(.request, limit: limits.maxHeadBytes / 2)
          else { return nil }
          try takeRequestLine(line)
        case .fieldLines:
          let rest = limits.maxHeadBytes - headBytes
          guard let line = try line(.field, limit: rest) else { return nil }
          if let parsed = try takeFieldLine(line) { return parsed }
        case .lengthBody(let rest):
          guard let left = takeBody(rest) else { return finished() }
          state = .lengthBody(rest: left)
          return nil
        case .chunkSize:
          guard let line = try line(.chunkSize, limit: 256) else { return nil }
          try takeChunkSize(line)
        case .chunkData(let rest):
          guard let left = takeBody(rest) else {
            state = .chunkEnd
            continue
          }
          state = .chunkData(rest: left)
          return nil
        case .chunkEnd:
          guard try line(.chunkEnd, limit: 0) != nil else { return nil }
          state = .chunkSize
        case .trailerLines:
          let rest = limits.maxHeadBytes - headBytes
          guard let line = try line(.field, limit: rest) else { return nil }
          if line.isEmpty { return finished() }
          // Trailers are checked and dropped (RFC 9110, section 6.5.1).
          _ = try RequestHead.field(line)
        case .failed:
          return nil
        }
      }
    } catch {
      state = .failed
      head = nil
      body = []
      throw error
    }
  }
}

// MARK: - Heads

extension RequestParser {
  private mutating func takeRequestLine(_ line: ArraySlice<UInt8>) throws(RequestFailure) {
    if line.isEmpty {
      // RFC 9112, section 2.2: an empty line left over from the request before.
      guard !sawEmptyLine else { throw RequestFailure(400, "there is no request line") }
      sawEmptyLine = true
      headBytes = 0
      return
    }
    head = try RequestHead(line: line)
    state = .fieldLines
  }

  private mutating func takeFieldLine(_ line: ArraySlice<UInt8>) throws(RequestFailure) -> Parsed? {
    if !line.isEmpty {
      guard (head?.fields.count ?? 0) < limits.maxFields else { throw overLong(.field) }
      try head?.add(line: line)
      return nil
    }
    try head?.finish()
    switch head?.framing {
    case .length(0), nil:
      return finished()
    case .length(let length):
      guard length <= limits.maxBodyBytes else { throw overLong(.body) }
      body.reserveCapacity(length)
      state = .lengthBody(rest: length)
    case .chunked:
      headBytes = 0
      state = .chunkSize
    }
    // A client that has sent some of its body waits for nothing (RFC 9110, section 10.1.1).
    awaitsContinue = head?.expectsContinue == true && !hasBufferedBytes
    return nil
  }

  private mutating func finished() -> Parsed? {
    guard let head else { return nil }
    let parsed = Parsed(
      request: HTTPRequest(
        method: head.method,
        path: head.target.path,
        query: head.target.query,
        fields: head.fields,
        body: body
      ),
      keepsAlive: head.keepsAlive,
      isVersion10: head.minorVersion == 0
    )
    self.head = nil
    body = []
    // An idle connection keeps a small buffer, not the largest it ever had.
    if !hasBufferedBytes, buffer.capacity > 4096 {
      buffer = []
      start = 0
      scanned = 0
    }
    state = .requestLine
    headBytes = 0
    sawEmptyLine = false
    awaitsContinue = false
    return parsed
  }
}

// MARK: - Bodies

extension RequestParser {
  /// Moves up to `rest` bytes into the body: how many are still missing, nil for none.
  private mutating func takeBody(_ rest: Int) -> Int? {
    let count = min(rest, buffer.count - start)
    body.append(contentsOf: buffer[start..<(start + count)])
    start += count
    scanned = start
    return count == rest ? nil : rest - count
  }

  /// `chunk-size [ chunk-ext ]` (RFC 9112, section 7.1); extensions are dropped.
  private mutating func takeChunkSize(_ line: ArraySlice<UInt8>) throws(RequestFailure) {
    headBytes = 0
    var size = 0
    var index = line.startIndex
    while index < line.endIndex, let digit = ByteClass.hexadecimal(line[index]) {
      size = size * 16 + digit
      guard size <= limits.maxBodyBytes else { throw overLong(.body) }
      index += 1
    }
    var rest = line[index...]
    guard index > line.startIndex else {
      throw RequestFailure(400, "a chunk does not start with its size")
    }
    while let byte = rest.first, byte == 0x20 || byte == 0x09 { rest = rest.dropFirst() }
    guard rest.isEmpty ? index == line.endIndex : rest.first == UInt8(ascii: ";") else {
      throw RequestFailure(400, "a chunk's size is malformed")
    }
    guard body.count + size <= limits.maxBodyBytes else { throw overLong(.body) }
    state = size == 0 ? .trailerLines : .chunkData(rest: size)
  }
}

// MARK: - Lines

extension RequestParser {
  /// Takes the next line of at most `limit` bytes, without its CRLF; nil where it is not whole.
  ///
  /// No byte past the limit is looked at, so that the verdict is the same however bytes arrive.
  private mutating func line(
    _ kind: Part,
    limit: Int
  ) throws(RequestFailure) -> ArraySlice<UInt8>? {
    let end = min(buffer.count, start + limit + 2)
    var index = max(scanned, start)
    while index < end {
      let byte = buffer[index]
      if byte >= 0x20 && byte != 0x7F || byte == 0x09 {
        index += 1
      } else if byte == 0x0D {
        guard index + 1 < end else { break }
        guard buffer[index + 1] == 0x0A else { throw RequestFailure(400, "a CR has no LF") }
        let line = buffer[start..<index]
        headBytes += line.count + 2
        start = index + 2
        scanned = start
        return line
      } else {
        throw RequestFailure(
          400,
          byte == 0x0A ? "a line ends with LF instead of CRLF" : "there is a control character"
        )
      }
    }
    scanned = index
    if end == start + limit + 2 { throw overLong(kind) }
    return nil
  }

  private func overLong(_ kind: Part) -> RequestFailure {
    switch kind {
    case .request:
      // Without a space in all that there is no target that could be too long.
      buffer[start...].prefix(limits.maxHeadBytes / 2).contains(UInt8(ascii: " "))
        ? RequestFailure(414, "the request target is too long")
        : RequestFailure(400, "the request line does not start with a method")
    case .field:
      RequestFailure(431, "the fields are too many or too long")
    case .body:
      RequestFailure(413, "the body is larger than \(limits.maxBodyBytes) bytes")
    case .chunkSize:
      RequestFailure(400, "a chunk's first line is too long")
    case .chunkEnd:
      RequestFailure(400, "a chunk is longer than its size")
    }
  }
}
