import CLinux
import Glibc

/// Runs blocking test code off the concurrency pool.
struct TestThread: Sendable {
  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  private let handle: pthread_t

  init(_ body: @escaping @Sendable () -> Void) throws {
    var handle = pthread_t()
    let context = unsafe Unmanaged.passRetained(Body(body))
    let code = unsafe pthread_create(
      &handle,
      nil,
      { context in
        guard let context = unsafe context else { return nil }
        unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
        return nil
      },
      context.toOpaque()
    )
    guard code == 0 else {
      unsafe context.release()
      throw TestFailure("cannot start a thread: error \(code)")
    }
    self.handle = handle
  }

  func join() {
    pthread_join(handle, nil)
  }
}

/// Something a test needs did not work.
struct TestFailure: Error {
  let message: String
  init(_ message: String) { self.message = message }
}
