import Glibc
import Testing

/// All tests that wait for sockets.
///
/// They block the thread they run on, of which there are as many as processors: one at a time.
@Suite(.serialized) enum SocketTests {}

/// Waits until the condition holds; a failure after ten seconds.
func eventually(_ condition: () -> Bool) throws {
  let start = ContinuousClock.now
  while !condition() {
    guard start.duration(to: .now) < .seconds(10) else {
      throw RawClient.Failure(description: "the condition did not come true in time")
    }
    pause(milliseconds: 2)
  }
}

/// Blocks the thread; unlike `Task.sleep` it needs no other thread to go on.
func pause(milliseconds: UInt32) {
  usleep(milliseconds * 1000)
}
