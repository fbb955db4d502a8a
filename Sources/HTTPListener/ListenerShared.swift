import CLinux
import Logging
import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// What the loop's thread and all others share: the inbox, its wake-up, and what outlives the loop.
final class ListenerShared: Sendable {
  /// What other threads ask of the loop.
  enum Command: Sendable {
    case start
    /// Show that the loop turns.
    case ping(Int)
    case deliver(connection: UInt64, outcome: HTTPCompletion.Outcome)
    /// Drain; cut what is left at that time of the monotonic clock.
    case shutdown(deadline: UInt64)
  }

  private struct Inbox {
    var commands: [Command] = []
    var isClosed = false
    var waiters: [CheckedContinuation<Void, Never>] = []
  }

  let limits: ListenerLimits
  let handler: any HTTPHandler
  let logger: Logger
  let observer: (any ListenerObserver)?
  let security: (any ListenerSecurity)?
  let connectionCount = Atomic(0)
  /// The last ping that the loop has come to.
  let answeredPing = Atomic(0)
  /// Readable while there are commands.
  let wakeup: Int32
  private let inbox = Mutex(Inbox())

  init(
    limits: ListenerLimits,
    handler: any HTTPHandler,
    logger: Logger,
    observer: (any ListenerObserver)?,
    security: (any ListenerSecurity)?
  ) throws(ListenerError) {
    self.limits = limits
    self.handler = handler
    self.logger = logger
    self.observer = observer
    self.security = security
    wakeup = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    guard wakeup >= 0 else {
      throw ListenerError(
        message: "cannot listen: eventfd: \(SystemError.text(errno)); raise the limit of open files"
      )
    }
  }

  deinit {
    Glibc.close(wakeup)
  }

  /// Hands a command to the loop; after its end nothing happens.
  func post(_ command: Command) {
    let isFirst = inbox.withLock { inbox in
      guard !inbox.isClosed else { return false }
      inbox.commands.append(command)
      return inbox.commands.count == 1
    }
    // The loop takes all commands at once: only the first has to wake it.
    // The write fails only where the counter is full, and then the loop is awake anyway.
    if isFirst { eventfd_write(wakeup, 1) }
  }

  /// All commands since the last time; for the loop.
  func takeCommands() -> [Command] {
    var count: eventfd_t = 0
    unsafe eventfd_read(wakeup, &count)
    return inbox.withLock { inbox in
      let commands = inbox.commands
      inbox.commands = []
      return commands
    }
  }

  /// The loop has ended: lets go of everybody who waits for that.
  func close() {
    let waiters = inbox.withLock { inbox in
      inbox.isClosed = true
      inbox.commands = []
      let waiters = inbox.waiters
      inbox.waiters = []
      return waiters
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Returns once the loop has ended.
  func waitForEnd() async {
    await withCheckedContinuation { waiter in
      let isClosed = inbox.withLock { inbox in
        if !inbox.isClosed { inbox.waiters.append(waiter) }
        return inbox.isClosed
      }
      if isClosed { waiter.resume() }
    }
  }
}
