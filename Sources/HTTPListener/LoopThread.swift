import CLinux

#if canImport(Glibc)
import Glibc
#endif

/// Starts the loop's thread.
enum LoopThread {
  /// What the new thread takes over.
  private final class Cargo: Sendable {
    let shared: ListenerShared
    let sockets: [ListeningSocket]
    let epoll: Int32

    init(shared: ListenerShared, sockets: [ListeningSocket], epoll: Int32) {
      self.shared = shared
      self.sockets = sockets
      self.epoll = epoll
    }
  }

  /// Starts a thread that runs the loop until it is shut down.
  static func start(
    shared: ListenerShared,
    sockets: [ListeningSocket]
  ) throws(ListenerError) -> pthread_t {
    let epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard epoll >= 0 else {
      throw ListenerError(
        message: "cannot listen: epoll: \(SystemError.text(errno)); raise the limit of open files"
      )
    }
    let cargo = Cargo(shared: shared, sockets: sockets, epoll: epoll)
    var thread = pthread_t()
    let retained = unsafe Unmanaged.passRetained(cargo)
    let status = unsafe cx_start_thread(
      &thread,
      "http-listener",
      { argument in
        if let argument = unsafe argument { unsafe LoopThread.loop(from: argument).run() }
        return nil
      },
      retained.toOpaque()
    )
    guard status == 0 else {
      unsafe retained.release()
      close(epoll)
      throw ListenerError(
        message: "cannot listen: no thread for it: \(SystemError.text(status)); "
          + "raise the limit of processes"
      )
    }
    return thread
  }

  /// A function of its own, so that nothing holds the listening sockets but the loop.
  private static func loop(from argument: UnsafeMutableRawPointer) -> EventLoop {
    let cargo = unsafe Unmanaged<Cargo>.fromOpaque(argument).takeRetainedValue()
    return EventLoop(shared: cargo.shared, sockets: cargo.sockets, epoll: cargo.epoll)
  }
}
