import CLinux
import Logging
import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// The loop: waits for sockets, deadlines and other threads, and gives every connection its share.
///
/// It lives on one thread; only `ListenerShared` is seen by others.
final class EventLoop {
  /// Tokens of epoll events: the wake-up, the listening sockets, then the connections.
  private static let wakeupToken = UInt64.max
  static let listenerBit: UInt64 = 1 << 63
  /// How many clients beyond the limit are told so at a time; more are just cut.
  static let maxRefused = 64
  /// How long no connection is accepted where the system has no room for one.
  static let acceptPause: Duration = .milliseconds(250)

  let limits: ListenerLimits
  let handler: any HTTPHandler
  let logger: Logger
  let observer: (any ListenerObserver)?
  let security: (any ListenerSecurity)?
  /// The time of this turn.
  private(set) var now = MonotonicTime.now()
  private(set) var isDraining = false
  /// Where every connection's bytes are received.
  var scratch = [UInt8](repeating: 0, count: 65_536)
  var dateLine: [UInt8] { date.line }
  let pagePipe = PagePipe()

  let shared: ListenerShared
  let epoll: Int32
  var sockets: [ListeningSocket]
  private var date = DateField()
  var slots: [Connection?] = []
  var freeSlots: [Int] = []
  var generation: UInt64 = 0
  var servedCount = 0
  var refusedCount = 0
  private var pendingAnswers = 0
  /// Who has work in the next turn, and in this one.
  private var queue: [Connection] = []
  private var turn: [Connection] = []
  private var deadlines = DeadlineHeap()
  private var drainDeadline = UInt64.max
  private var hasStarted = false
  var acceptsAgainAt: UInt64?
  var reserve: ReserveDescriptor
  var lastRoomWarning: UInt64?
  var lastLimitWarning: UInt64?

  init(shared: ListenerShared, sockets: [ListeningSocket], epoll: Int32) {
    self.shared = shared
    self.sockets = sockets
    self.epoll = epoll
    limits = shared.limits
    handler = shared.handler
    logger = shared.logger
    observer = shared.observer
    security = shared.security
    reserve = ReserveDescriptor()
  }

  deinit {
    close(epoll)
  }

  /// Works until it has been shut down.
  func run() {
    defer { shared.close() }
    guard watch(shared.wakeup, EPOLLIN.rawValue, EventLoop.wakeupToken) else {
      logger.error("the HTTP listener cannot watch its sockets", [("err", SystemError.text(errno))])
      return
    }
    var events = unsafe [epoll_event](repeating: epoll_event(), count: 256)
    while !(isDraining && slots.count == freeSlots.count) {
      let count = unsafe events.withUnsafeMutableBufferPointer { events in
        unsafe epoll_wait(epoll, events.baseAddress, Int32(events.count), timeout())
      }
      if count < 0, errno != EINTR {
        logger.error("the HTTP listener stops", [("err", "epoll: " + SystemError.text(errno))])
        break
      }
      now = MonotonicTime.now()
      date.update()
      for index in 0..<max(0, Int(count)) {
        let token = unsafe events.withUnsafeBufferPointer { events in
          unsafe events.baseAddress.map { unsafe cx_epoll_token($0 + index) } ?? 0
        }
        handle(token, unsafe events[index].events)
      }
      serveQueue()
      expireDeadlines()
    }
    for connection in slots.compactMap({ $0 }) { connection.close(reset: true) }
    slots = []
    shared.connectionCount.store(0, ordering: .relaxed)
  }

  /// How long to wait, in milliseconds, rounded up so that a deadline is past on waking.
  private func timeout() -> Int32 {
    guard queue.isEmpty else { return 0 }
    var next = deadlines.earliest ?? .max
    if let acceptsAgainAt { next = min(next, acceptsAgainAt) }
    if isDraining { next = min(next, drainDeadline) }
    guard next != .max else { return -1 }
    guard next > now else { return 0 }
    return Int32(clamping: (next - now + 999_999) / 1_000_000)
  }

  private func handle(_ token: UInt64, _ events: UInt32) {
    if token == EventLoop.wakeupToken {
      for command in shared.takeCommands() { carryOut(command) }
    } else if token & EventLoop.listenerBit != 0 {
      accept(Int(token & ~EventLoop.listenerBit))
    } else if let connection = connection(token) {
      if events & EPOLLERR.rawValue != 0 {
        connection.close(reset: false)
        release(connection)
        return
      }
      if events & (EPOLLRDHUP.rawValue | EPOLLHUP.rawValue) != 0 {
        connection.peerHasFinished = true
      }
      let ends = EPOLLRDHUP.rawValue | EPOLLHUP.rawValue
      connection.note(
        readable: events & (EPOLLIN.rawValue | ends) != 0,
        writable: events & (EPOLLOUT.rawValue | EPOLLHUP.rawValue) != 0
      )
      enqueue(connection)
    }
  }

  func watch(_ descriptor: Int32, _ events: UInt32, _ token: UInt64) -> Bool {
    cx_epoll_control(epoll, EPOLL_CTL_ADD, descriptor, events, token) == 0
  }

  // MARK: - Commands

  private func carryOut(_ command: ListenerShared.Command) {
    switch command {
    case .start:
      guard !hasStarted, !isDraining else { return }
      hasStarted = true
      watchListeners()
    case .ping(let number):
      shared.answeredPing.store(number, ordering: .releasing)
    case .deliver(let token, let outcome):
      pendingAnswers -= 1
      guard let connection = connection(token) else { return }
      connection.complete(outcome, self)
      enqueue(connection)
    case .shutdown(let deadline):
      drainDeadline = min(drainDeadline, deadline)
      drain()
    }
  }

  /// A completion for a deferred answer, or nil where too many are under way.
  func makeCompletion(for connection: Connection) -> HTTPCompletion? {
    guard pendingAnswers < limits.maxPendingAnswers else { return nil }
    pendingAnswers += 1
    let token = connection.token
    return HTTPCompletion { [shared] outcome in
      shared.post(.deliver(connection: token, outcome: outcome))
    }
  }

  private func drain() {
    guard !isDraining else { return }
    // Whoever has connected before now is still served.
    if hasStarted { for index in sockets.indices { accept(index) } }
    isDraining = true
    acceptsAgainAt = nil
    // Epoll forgets closed sockets only where nobody else has them open, as systemd may.
    for socket in sockets { _ = cx_epoll_control(epoll, EPOLL_CTL_DEL, socket.descriptor, 0, 0) }
    // The last holder: this closes the sockets.
    sockets = []
    for connection in slots.compactMap({ $0 }) {
      connection.lookAgain()
      enqueue(connection)
    }
  }

  // MARK: - Connections

  private func connection(_ token: UInt64) -> Connection? {
    let slot = Int(token & 0xFFFF_FFFF)
    guard slot < slots.count, let connection = slots[slot], connection.token == token else {
      return nil
    }
    return connection
  }

  func enqueue(_ connection: Connection) {
    guard !connection.isQueued else { return }
    connection.isQueued = true
    queue.append(connection)
  }

  private func serveQueue() {
    swap(&queue, &turn)
    for connection in turn {
      connection.isQueued = false
      // One that was closed elsewhere has yet to be forgotten.
      if !connection.isClosed, connection.serve(self) { enqueue(connection) }
      settle(connection)
    }
    turn.removeAll(keepingCapacity: true)
  }

  /// After a connection was touched: forgets it where it is closed, else minds its deadline.
  private func settle(_ connection: Connection) {
    if connection.isClosed {
      release(connection)
    } else if connection.deadline != .max {
      deadlines.arm(Int(connection.token & 0xFFFF_FFFF), at: connection.deadline)
    }
  }

  func release(_ connection: Connection) {
    let slot = Int(connection.token & 0xFFFF_FFFF)
    guard slots[slot] === connection else { return }
    slots[slot] = nil
    freeSlots.append(slot)
    deadlines.remove(slot)
    if connection.isRefused {
      refusedCount -= 1
    } else {
      servedCount -= 1
      shared.connectionCount.store(servedCount, ordering: .relaxed)
    }
  }

  private func expireDeadlines() {
    while let slot = deadlines.popExpired(at: now) {
      guard let connection = slots[slot] else { continue }
      // It may have moved later since it was armed.
      if connection.deadline <= now {
        connection.expire(self)
        enqueue(connection)
      }
      settle(connection)
    }
    if let time = acceptsAgainAt, time <= now {
      acceptsAgainAt = nil
      watchListeners()
    }
    if isDraining, drainDeadline <= now {
      for connection in slots.compactMap({ $0 }) {
        connection.close(reset: true)
        release(connection)
      }
    }
  }
}
