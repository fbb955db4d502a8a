import CLinux
import Logging
import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// Taking clients in, also when there is no room for them.
extension EventLoop {
  /// Has epoll report clients that wait.
  func watchListeners() {
    for (index, socket) in sockets.enumerated() {
      let token = EventLoop.listenerBit | UInt64(index)
      if !watch(socket.descriptor, EPOLLIN.rawValue, token), errno != EEXIST {
        pauseAccepting(because: errno)
        return
      }
    }
  }

  /// Takes clients in, a bounded number a turn.
  func accept(_ index: Int) {
    guard index < sockets.count, acceptsAgainAt == nil else { return }
    for _ in 0..<64 {
      let descriptor = cx_accept(sockets[index].descriptor)
      if descriptor >= 0 {
        if let stream = stream(over: descriptor) { admit(stream) }
        continue
      }
      switch errno {
      case EAGAIN:
        return
      case EMFILE, ENFILE:
        guard turnAwayOnReserve(index) else {
          pauseAccepting(because: EMFILE)
          return
        }
      case ENOBUFS, ENOMEM:
        pauseAccepting(because: errno)
        return
      case EINTR, ECONNABORTED, EPROTO, EPERM, ENETDOWN, ENOPROTOOPT, EHOSTDOWN, ENONET,
        EHOSTUNREACH, EOPNOTSUPP, ENETUNREACH:
        // The client is gone again, or a network error is reported on its behalf (accept(2)).
        continue
      default:
        pauseAccepting(because: errno)
        return
      }
    }
  }

  /// The bare socket, or TLS over it; nil where it had to be closed.
  private func stream(over descriptor: Int32) -> (any ByteStream)? {
    let socket = SocketStream(descriptor: descriptor, pipe: pagePipe)
    guard let context = security?.connectionContext() else { return socket }
    if let stream = TLSStream(socket, context: context, logger: logger) { return stream }
    warnOfNoRoom(ENOMEM)
    return nil
  }

  private func admit(_ stream: any ByteStream) {
    let isRefused = servedCount >= limits.maxConnections
    if isRefused { warnOfLimit() }
    if isRefused, refusedCount >= EventLoop.maxRefused {
      turnAway(stream)
      return
    }
    generation = (generation + 1) & 0x7FFF_FFFF
    let slot = freeSlots.popLast() ?? slots.count
    if slot == slots.count { slots.append(nil) }
    let connection = Connection(
      stream: stream,
      token: generation << 32 | UInt64(slot),
      limits: limits,
      isRefused: isRefused,
      now: now
    )
    slots[slot] = connection
    if isRefused {
      refusedCount += 1
      connection.refuse(RequestFailure(503, "too many connections; try again"), self)
    } else {
      servedCount += 1
      shared.connectionCount.store(servedCount, ordering: .relaxed)
    }
    let edges = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
    guard watch(stream.descriptor, edges, connection.token) else {
      warnOfNoRoom(errno)
      connection.close(reset: true)
      release(connection)
      return
    }
    enqueue(connection)
  }

  /// With no descriptor left: takes one client in on the reserve and says so to it.
  private func turnAwayOnReserve(_ index: Int) -> Bool {
    warnOfNoRoom(EMFILE)
    guard reserve.giveUp() else {
      reserve.refill()
      return false
    }
    let descriptor = cx_accept(sockets[index].descriptor)
    if descriptor >= 0 {
      if let stream = stream(over: descriptor) { turnAway(stream) }
    }
    reserve.refill()
    return descriptor >= 0
  }

  /// Says no once and closes: the client is not worth more while nothing else has room.
  private func turnAway(_ stream: any ByteStream) {
    observer?.refused(status: 503)
    // A handshake is more than such a client gets.
    guard !stream.holdsBytes else {
      stream.close(reset: true)
      return
    }
    let response = RequestFailure(503, "no room for another connection; try again").response
    var output = OutgoingBytes()
    ResponseHead.append(
      response,
      persistence: .closing,
      date: dateLine,
      general: security?.responseFields() ?? [],
      to: &output.head
    )
    output.begin(segments: response.body)
    if case .moved = stream.write(output) { stream.finishWriting() }
    stream.close(reset: false)
  }

  /// Leaves the clients in the queue for a moment instead of being told of them without end.
  private func pauseAccepting(because code: Int32) {
    warnOfNoRoom(code)
    for socket in sockets { _ = cx_epoll_control(epoll, EPOLL_CTL_DEL, socket.descriptor, 0, 0) }
    acceptsAgainAt = MonotonicTime.after(EventLoop.acceptPause, from: now)
  }

  private func warnOfLimit() {
    if let last = lastLimitWarning, now < last + 60_000_000_000 { return }
    lastLimitWarning = now
    logger.warn(
      "too many HTTP connections; more get 503",
      [("connections", String(servedCount)), ("limit", String(limits.maxConnections))]
    )
  }

  /// Once a minute is enough to know.
  private func warnOfNoRoom(_ code: Int32) {
    if let last = lastRoomWarning, now < last + 60_000_000_000 { return }
    lastRoomWarning = now
    logger.warn(
      "the HTTP listener has no room for another connection; raise the limit of open files",
      [("err", SystemError.text(code)), ("connections", String(servedCount))]
    )
  }
}
