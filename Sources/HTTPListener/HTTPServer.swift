public import Logging
import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// An embedded HTTP/1.1 server (RFC 9110, RFC 9112): one thread, one epoll loop.
///
/// The sockets are bound and the thread is there once `init` returns, so that every error comes
/// before anything starts; `start` only opens the doors.
///
/// ```swift
/// let listener = try HTTPServer(
///   addresses: [ListenAddress(parsing: ":10067")], handler: router, logger: logger)
/// listener.start()
/// …
/// await listener.shutdown(deadline: .seconds(4))
/// ```
public final class HTTPServer: Sendable {
  private let shared: ListenerShared
  private let thread: Mutex<pthread_t?>
  private let lastPing = Mutex(0)

  /// The addresses in the order given, hosts as given, with the real ports.
  public let boundAddresses: [ListenAddress]

  /// Binds and listens on every address, and takes over the sockets that are there already.
  ///
  /// - Parameters:
  ///   - addresses: Where to listen; all of them or none.
  ///   - inherited: Listening sockets that the service manager has passed.
  ///   - limits: What clients may take.
  ///   - handler: Answers the requests, on the loop's thread.
  ///   - logger: For what an operator has to know.
  ///   - observer: Hears of the answers that the handler does not see.
  ///   - security: TLS and the fields of every answer; nil for plain HTTP.
  /// - Throws: `ListenerError` where an address or a socket cannot be listened on.
  public init(
    addresses: [ListenAddress],
    inherited: [InheritedSocket] = [],
    limits: ListenerLimits = ListenerLimits(),
    handler: any HTTPHandler,
    logger: Logger,
    observer: (any ListenerObserver)? = nil,
    security: (any ListenerSecurity)? = nil
  ) throws(ListenerError) {
    var sockets: [ListeningSocket] = []
    for socket in inherited { sockets.append(try ListeningSocket(adopting: socket)) }
    for address in addresses { sockets.append(try ListeningSocket(binding: address)) }
    boundAddresses = sockets.map(\.address)
    shared = try ListenerShared(
      limits: limits,
      handler: handler,
      logger: logger,
      observer: observer,
      security: security
    )
    thread = Mutex(try LoopThread.start(shared: shared, sockets: sockets))
  }

  deinit {
    shared.post(.shutdown(deadline: 0))
    if let thread = thread.withLock({ $0 }) { pthread_detach(thread) }
  }

  /// Starts to accept connections; those that came before have waited.
  public func start() {
    shared.post(.start)
  }

  /// How many connections are open and served.
  public var connectionCount: Int {
    shared.connectionCount.load(ordering: .relaxed)
  }

  /// Whether the loop turns: whether it has come to what the previous call asked of it.
  ///
  /// The first call is always true, and so are all that follow at intervals in which the loop has
  /// turned once; a loop that hangs or has ended makes them false.
  public func isTurning() -> Bool {
    lastPing.withLock { last in
      guard shared.answeredPing.load(ordering: .acquiring) == last else { return false }
      last += 1
      shared.post(.ping(last))
      return true
    }
  }

  /// Stops accepting, lets the answers in flight finish, closes, and ends the thread.
  ///
  /// - Parameter deadline: After this the connections that are left are cut.
  public func shutdown(deadline: Duration) async {
    let end = MonotonicTime.after(deadline, from: MonotonicTime.now())
    shared.post(.shutdown(deadline: end))
    await shared.waitForEnd()
    let ended = thread.withLock { thread in
      let ended = thread
      thread = nil
      return ended
    }
    // The thread is past its last step: this does not block.
    if let ended { pthread_join(ended, nil) }
  }
}
