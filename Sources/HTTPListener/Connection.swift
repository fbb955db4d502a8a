import Logging

/// One client's connection: reads requests, has them answered one at a time, writes the answers.
///
/// It belongs to the loop's thread. epoll reports edges, so it notes what is readable and writable
/// and works until the socket blocks or its share of the turn is used up.
final class Connection {
  private enum Phase {
    /// Waits for a request or its rest.
    case reading
    /// A handler has taken the request and answers later.
    case answering
    /// An answer goes out.
    case writing(then: Sequel)
    /// The last answer is out; what still comes is dropped until the peer closes.
    case lingering
    case closed
  }

  private enum Sequel {
    /// The body of the same request (after `100 Continue`).
    case resume
    case nextRequest
    /// The end, with the request read whole.
    case close
    /// The end, with no telling what else the peer has sent.
    case linger
  }

  /// What a turn of the loop may spend on one connection before the others have theirs.
  private struct Share {
    var requests = 32
    var reads = 8
    var writes = 8
  }

  let stream: any ByteStream
  /// The connection's place in the loop, and what makes it unlike earlier ones in that place.
  let token: UInt64
  /// Whether it is one too many and gets nothing but a refusal.
  let isRefused: Bool

  /// When the loop has to look again although nothing happens.
  private(set) var deadline = UInt64.max
  /// Whether the loop will come back in this turn or the next.
  var isQueued = false
  /// Set by the loop's edges, cleared where the socket blocks; a new connection tries at once.
  var isReadable = true
  var isWritable = true
  /// The peer has closed its side: reading goes on to the end whatever a short read suggests.
  var peerHasFinished = false

  private var phase = Phase.reading
  private var parser: RequestParser
  private var memory = RequestMemory()
  private var output = OutgoingBytes()
  /// Of the answer that is being written.
  private var ticket: (any AnyObject & Sendable)?
  private var inputHasEnded = false
  /// What the request in answer decides about the connection.
  private var keepsAlive = true
  private var isVersion10 = false
  private var isHead = false
  private var readDeadline: ReadDeadline
  private var writeDeadline = WriteDeadline()
  private var lingerBytes = 0

  init(
    stream: any ByteStream,
    token: UInt64,
    limits: ListenerLimits,
    isRefused: Bool,
    now: UInt64
  ) {
    self.stream = stream
    self.token = token
    self.isRefused = isRefused
    parser = RequestParser(limits: limits)
    readDeadline = ReadDeadline(now: now)
  }

  var isClosed: Bool {
    if case .closed = phase { true } else { false }
  }

  // MARK: - Events

  /// Works until the socket blocks or the share is used up; true means there is more to do.
  func serve(_ loop: EventLoop) -> Bool {
    var share = Share()
    while true {
      switch phase {
      case .reading:
        guard share.requests > 0, share.reads > 0 else { return true }
        guard read(loop, &share) else { return false }
      case .writing(let sequel):
        if output.isEmpty {
          finishAnswer(sequel, loop)
        } else {
          guard share.writes > 0 else { return true }
          guard write(loop, &share) else { return false }
        }
      case .lingering:
        guard share.reads > 0 else { return true }
        guard linger(loop, &share) else { return false }
      case .answering, .closed:
        return false
      }
    }
  }

  /// The loop has seen these edges.
  func note(readable: Bool, writable: Bool) {
    let isEither = stream.holdsBytes && (readable || writable)
    if readable || isEither { isReadable = true }
    if writable || isEither { isWritable = true }
  }

  /// Reads once more before waiting: a request may have come that epoll has not reported yet.
  func lookAgain() {
    if case .reading = phase { isReadable = true }
  }

  /// The deferred answer is there.
  func complete(_ outcome: HTTPCompletion.Outcome, _ loop: EventLoop) {
    guard case .answering = phase else { return }
    switch outcome {
    case .response(let response): begin(response, loop)
    case .abort: close(reset: true)
    }
  }

  /// The deadline has come: closes, or finds that there is more time.
  func expire(_ loop: EventLoop) {
    switch phase {
    case .reading:
      if parser.isInsideRequest {
        refuse(RequestFailure(408, "the request did not arrive in time"), loop)
      } else {
        close(reset: false)
      }
    case .writing:
      // The kernel may still be sending what it holds, too little to ask for more.
      if writeDeadline.hasProgress(unsentBytes: stream.unsentBytes, now: loop.now) {
        deadline = writeDeadline.next(limits: loop.limits, now: loop.now)
      } else {
        close(reset: true)
      }
    case .lingering:
      close(reset: false)
    case .answering, .closed:
      deadline = .max
    }
  }

  /// Closes at once.
  func close(reset: Bool) {
    if case .closed = phase { return }
    phase = .closed
    output.begin(segments: [])
    ticket = nil
    stream.close(reset: reset)
  }

  /// Sends a refusal and then ends the connection.
  func refuse(_ failure: RequestFailure, _ loop: EventLoop) {
    loop.observer?.refused(status: failure.status)
    // Those beyond the limit are warned of together, once a minute.
    if !isRefused {
      loop.logger.debug(
        "refused a request",
        [("status", String(failure.status)), ("reason", failure.reason)]
      )
    }
    keepsAlive = false
    send(failure.response, then: .linger, loop)
  }

  // MARK: - Reading

  /// One request or one read; false where there is nothing to do until the next edge.
  private func read(_ loop: EventLoop, _ share: inout Share) -> Bool {
    do {
      if let parsed = try parser.next() {
        share.requests -= 1
        answer(parsed, loop)
        return true
      }
    } catch {
      refuse(error, loop)
      return true
    }
    if parser.awaitsContinue {
      parser.awaitsContinue = false
      output.head.removeAll(keepingCapacity: true)
      output.head.append(contentsOf: "HTTP/1.1 100 Continue\r\n\r\n".utf8)
      output.begin(segments: [])
      startWriting(then: .resume, loop)
      return true
    }
    if inputHasEnded {
      if parser.isInsideRequest {
        refuse(RequestFailure(400, "the request ended early"), loop)
      } else {
        close(reset: false)
      }
      return true
    }
    guard isReadable else {
      waitForBytes(loop)
      return false
    }
    share.reads -= 1
    switch receive(loop) {
    case .moved(let count): return take(count, loop, &share)
    case .blocked: break
    case .ended: inputHasEnded = true
    case .failed: close(reset: false)
    }
    return true
  }

  /// Takes what was read: as the request that it is known to be, or into the parser.
  private func take(_ count: Int, _ loop: EventLoop, _ share: inout Share) -> Bool {
    let isFirst = parser.isAtStart
    if isFirst, let known = memory.request(loop.scratch, count) {
      share.requests -= 1
      answer(known, loop)
      return true
    }
    parser.append(loop.scratch[..<count])
    guard isFirst else { return true }
    do {
      guard let parsed = try parser.next() else { return true }
      share.requests -= 1
      if !parser.hasBufferedBytes { memory.keep(loop.scratch, count, parsed) }
      answer(parsed, loop)
    } catch {
      refuse(error, loop)
    }
    return true
  }

  /// Reads once, and knows from a short read that the socket is drained.
  private func receive(_ loop: EventLoop) -> StreamResult {
    let result = stream.read(into: &loop.scratch)
    switch result {
    case .moved(let count):
      if count < loop.scratch.count, !peerHasFinished, !stream.holdsBytes { isReadable = false }
    case .blocked, .ended, .failed:
      isReadable = false
    }
    return result
  }

  /// Sets the deadline for what is being waited for.
  private func waitForBytes(_ loop: EventLoop) {
    deadline = readDeadline.time(for: parser, limits: loop.limits, now: loop.now)
    // A server that shuts down waits for requests that have begun, not for new ones.
    if loop.isDraining, !parser.isInsideRequest { close(reset: false) }
  }

  // MARK: - Answering

  private func answer(_ parsed: RequestParser.Parsed, _ loop: EventLoop) {
    keepsAlive = parsed.keepsAlive
    isVersion10 = parsed.isVersion10
    isHead = parsed.request.method == "HEAD"
    readDeadline.requestHasCome()
    deadline = .max
    switch loop.handler.answer(parsed.request) {
    case .response(let response):
      begin(response, loop)
    case .deferred(let start):
      guard let completion = loop.makeCompletion(for: self) else {
        loop.observer?.refused(status: 503)
        begin(.text(503, "503: too many answers are under way; try again"), loop)
        return
      }
      phase = .answering
      start(completion)
    }
  }

  /// Starts a handler's answer.
  private func begin(_ response: HTTPResponse, _ loop: EventLoop) {
    guard (200...999).contains(response.status) else {
      loop.logger.error(
        "a handler answered with an impossible status",
        [("status", String(response.status))]
      )
      begin(.text(500, "500: the server made no valid answer"), loop)
      return
    }
    if loop.isDraining || ResponseHead.asksToClose(response) { keepsAlive = false }
    send(response, then: keepsAlive ? .nextRequest : .close, loop)
  }

  private func send(_ response: HTTPResponse, then sequel: Sequel, _ loop: EventLoop) {
    let general = loop.security?.responseFields() ?? []
    if let prepared = response.prepared, keepsAlive, !isVersion10, !isHead, general.isEmpty {
      output.begin(prepared)
    } else {
      output.head.removeAll(keepingCapacity: true)
      ResponseHead.append(
        response,
        persistence: keepsAlive ? (isVersion10 ? .openVersion10 : .open) : .closing,
        date: loop.dateLine,
        general: general,
        to: &output.head
      )
      let hasBody = !isHead && !ResponseHead.hasNoContent(response.status)
      output.begin(segments: hasBody ? response.body : [])
    }
    ticket = response.ticket
    startWriting(then: sequel, loop)
  }

  private func startWriting(then sequel: Sequel, _ loop: EventLoop) {
    phase = .writing(then: sequel)
    deadline = writeDeadline.begin(count: output.count, limits: loop.limits, now: loop.now)
  }

  /// One write; false where the peer takes nothing for now.
  private func write(_ loop: EventLoop, _ share: inout Share) -> Bool {
    guard isWritable else { return false }
    share.writes -= 1
    switch stream.write(output) {
    case .moved(let count):
      output.advance(by: count)
      deadline = writeDeadline.next(limits: loop.limits, now: loop.now)
    case .blocked:
      isWritable = false
      writeDeadline.isBlocked(unsentBytes: stream.unsentBytes)
    case .ended, .failed:
      close(reset: false)
    }
    return true
  }

  /// The answer is written: on to what follows it.
  private func finishAnswer(_ sequel: Sequel, _ loop: EventLoop) {
    ticket = nil
    switch sequel {
    case .resume:
      phase = .reading
    case .nextRequest:
      phase = .reading
      isHead = false
      readDeadline.restart(now: loop.now)
    case .close where !parser.hasBufferedBytes && !isReadable:
      close(reset: false)
    case .close, .linger:
      if inputHasEnded {
        close(reset: false)
        return
      }
      // Closing with unread bytes would reset the connection, and the peer might lose the answer
      // (RFC 9112, section 9.6).
      stream.finishWriting()
      phase = .lingering
      deadline = MonotonicTime.after(loop.limits.lingerTimeout, from: loop.now)
    }
  }

  /// One read whose bytes are dropped; false where there is nothing to do until the next edge.
  private func linger(_ loop: EventLoop, _ share: inout Share) -> Bool {
    guard isReadable else { return false }
    share.reads -= 1
    switch receive(loop) {
    case .moved(let count):
      lingerBytes += count
      if lingerBytes > loop.limits.maxLingerBytes { close(reset: false) }
    case .blocked: break
    case .ended, .failed: close(reset: false)
    }
    return true
  }
}
