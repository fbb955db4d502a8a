import Synchronization

/// Which of the two paths a workspace answers at, kept between polls.
final class RocketChatPathMemory: Sendable {
  private let known = Mutex<RocketChatRequests.Path?>(nil)

  /// The path to try first: the one that worked, or the one that Rocket.Chat's source has.
  var first: RocketChatRequests.Path { known.withLock { $0 } ?? .single }

  /// Keeps the path that worked; nil where none did.
  func remember(_ path: RocketChatRequests.Path?) {
    known.withLock { $0 = path }
  }
}
