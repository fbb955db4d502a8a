public import Logging

/// The agent's `HTTPClient`: one libcurl multi handle on one thread serves every target.
///
/// Connections are kept alive and shared between requests whose proxy and TLS options are the
/// same; HTTP/2 is used over TLS where the vendor offers it. No redirect is followed, no cookie is
/// kept, and neither `.netrc` nor the environment's proxies are read.
///
/// ```swift
/// let client = try CurlHTTPClient(logger: logger, userAgent: "cx_exporter/1.0")
/// let answer = try await client.send(HTTPClientRequest(method: "GET", url: url))
/// client.shutdown()
/// ```
public final class CurlHTTPClient: HTTPClient {
  private let loop: TransferLoop
  private let userAgent: String

  /// Starts libcurl and the thread that drives it.
  ///
  /// - Parameters:
  ///   - logger: Takes libcurl's version and each transfer at debug level, faults at error level.
  ///   - userAgent: The `User-Agent` of requests that bring none of their own.
  /// - Throws: `TransportError` where libcurl cannot start, lacks TLS or `userAgent` is no field
  ///   value.
  public init(logger: Logger, userAgent: String) throws(TransportError) {
    guard HTTPFieldSyntax.isValue(userAgent) else {
      throw TransportError(
        code: .invalidRequest,
        message: "the User-Agent holds a control character; take it out"
      )
    }
    try CurlLibrary.start()
    self.userAgent = userAgent
    loop = try TransferLoop(logger: logger)
    logger.debug("HTTP client started", [("libcurl", CurlLibrary.version)])
  }

  deinit {
    loop.stop()
  }

  /// Sends one request and waits for its whole answer; follows no redirect.
  ///
  /// Cancelling the surrounding task makes this return at once and closes the transfer.
  ///
  /// - Throws: `TransportError` where there is no complete answer; its message names the host and
  ///   port, never a field's value, a query or a password.
  public func send(
    _ request: HTTPClientRequest
  ) async throws(TransportError) -> HTTPClientResponse {
    let prepared = try PreparedRequest(request, userAgent: userAgent)
    let answer = PendingAnswer()
    let outcome = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        guard answer.attach(continuation) else { return }
        loop.submit(Submission(request: prepared, answer: answer))
      }
    } onCancel: {
      let cancelled = TransportError(
        code: .cancelled,
        message: "the request to \(prepared.endpoint) was cancelled"
      )
      if answer.resolve(.failure(cancelled)) {
        loop.abandon(answer)
      }
    }
    return try outcome.get()
  }

  /// Ends every transfer with `.cancelled`, closes the connections and joins the thread.
  ///
  /// It may be called more than once and from any thread; requests sent later fail with
  /// `.cancelled`.
  public func shutdown() {
    loop.stop()
  }
}
