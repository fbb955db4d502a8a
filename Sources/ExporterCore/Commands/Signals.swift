private import Dispatch
private import Glibc

/// Waits for the signals that end or reload the agent.
final class Signals {
  /// What a signal asks for.
  enum Request: Sendable {
    /// SIGTERM or SIGINT.
    case terminate
    /// SIGHUP.
    case reload
  }

  /// The requests in the order in which they come.
  let requests: AsyncStream<Request>
  private let sources: [any DispatchSourceSignal]

  /// Takes the signals over from their default actions.
  init() {
    let (stream, continuation) = AsyncStream.makeStream(of: Request.self)
    requests = stream
    sources = [(SIGTERM, Request.terminate), (SIGINT, .terminate), (SIGHUP, .reload)]
      .map { number, request in
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler { continuation.yield(request) }
        source.resume()
        return source
      }
  }

  deinit {
    for source in sources { source.cancel() }
  }
}
