import COpenSSL
import Synchronization

/// Lets only known users through to another handler (RFC 7617, passwords as bcrypt hashes).
///
/// bcrypt is slow by design: it runs on threads of its own, what it has accepted is remembered,
/// and an unknown user costs as much as a known one.
public final class BasicAuthentication: HTTPHandler {
  /// The users that may pass now; an empty table lets everybody through.
  public typealias Users = @Sendable () -> [String: PasswordHash]

  /// Accepted credentials that are remembered.
  static let maxRemembered = 128

  private struct Memory {
    var accepted: Set<[UInt8]> = []
    var order: [[UInt8]] = []
  }

  private let handler: any HTTPHandler
  private let users: Users
  private let exempt: Set<String>
  private let observer: (any ListenerObserver)?
  private let workers = PasswordWorkers()
  private let memory = Mutex(Memory())
  /// Makes the digests of this process useless elsewhere.
  private let pepper: [UInt8]

  /// A guard before `handler`.
  ///
  /// - Parameters:
  ///   - handler: Answers those who pass, on the loop or on a thread of the guard's.
  ///   - exempt: Paths that everybody may ask for.
  ///   - observer: Hears of the refusals.
  ///   - users: Asked at every request; must not block.
  public init(
    before handler: any HTTPHandler,
    exempt: Set<String>,
    observer: (any ListenerObserver)? = nil,
    users: @escaping Users
  ) {
    self.handler = handler
    self.exempt = exempt
    self.observer = observer
    self.users = users
    var generator = SystemRandomNumberGenerator()
    pepper = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
  }

  /// The handler's answer, or 401.
  public func answer(_ request: HTTPRequest) -> HTTPAnswer {
    let users = users()
    if users.isEmpty || exempt.contains(request.path) { return handler.answer(request) }
    guard let field = request.field("Authorization"), let given = BasicCredentials(field) else {
      return .response(refusal())
    }
    let known = users[String(decoding: given.user, as: UTF8.self)]
    // The costliest hash stands in for the missing one.
    let hash = known?.text ?? users.values.max { $0.cost < $1.cost }?.decoy ?? ""
    let digest = digest(given, hash)
    if known != nil, memory.withLock({ $0.accepted.contains(digest) }) {
      return handler.answer(request)
    }
    return .deferred { [self] completion in
      let isTaken = workers.submit { [self] in
        let matches = PasswordHash.matches(given.password, hash)
        guard matches, known != nil else {
          completion.send(refusal())
          return
        }
        remember(digest)
        switch handler.answer(request) {
        case .response(let response): completion.send(response)
        case .deferred(let start): start(completion)
        }
      }
      if !isTaken {
        observer?.refused(status: 503)
        completion.send(.text(503, "503: too many passwords to check; try again"))
      }
    }
  }

  private func refusal() -> HTTPResponse {
    observer?.refused(status: 401)
    return .text(
      401,
      "401: a user and password are needed",
      fields: [("WWW-Authenticate", #"Basic realm="cx_exporter", charset="UTF-8""#)]
    )
  }

  private func remember(_ digest: [UInt8]) {
    memory.withLock { memory in
      guard memory.accepted.insert(digest).inserted else { return }
      memory.order.append(digest)
      if memory.order.count > BasicAuthentication.maxRemembered {
        memory.accepted.remove(memory.order.removeFirst())
      }
    }
  }

  /// SHA-256 over user, hash and password: a changed hash is another digest.
  private func digest(_ given: BasicCredentials, _ hash: String) -> [UInt8] {
    // Neither a user nor a hash has a NUL in it.
    let message = pepper + given.user + [0] + Array(hash.utf8) + [0] + given.password
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    unsafe SHA256(message, message.count, &digest)
    return digest
  }
}
