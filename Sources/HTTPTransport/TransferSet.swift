import CCurl
import Glibc
import Logging

/// The transfers under way in one multi handle; used by the loop's thread alone.
@safe
final class TransferSet {
  /// Idle connections kept for the next poll.
  private static let idleConnections = 64
  /// Connections open at once; what comes on top waits, its deadline running.
  private static let openConnections = 256
  /// The longest sleep; mail, sockets and libcurl's timers end it earlier.
  private static let longestWait: Int32 = 60_000

  private let multi: UnsafeMutableRawPointer
  private let logger: Logger
  private var transfers: [ObjectIdentifier: Transfer] = [:]
  /// libcurl holds its address unretained until the multi handle is gone.
  private let sockets = ConnectionSockets()
  /// The fault reported last, so that a lasting one fills no log.
  private var lastFault: CURLMcode = CURLM_OK

  init(multi: UnsafeMutableRawPointer, logger: Logger) {
    unsafe self.multi = unsafe multi
    self.logger = logger
    unsafe report(
      cx_curl_multi_setopt_long(multi, CURLMOPT_MAXCONNECTS, TransferSet.idleConnections)
    )
    unsafe report(
      cx_curl_multi_setopt_long(
        multi,
        CURLMOPT_MAX_TOTAL_CONNECTIONS,
        TransferSet.openConnections
      )
    )
  }

  /// Adds a transfer unless its caller has gone already.
  func start(_ submission: Submission) {
    guard !submission.answer.isResolved else { return }
    do throws(TransportError) {
      let transfer = try Transfer(submission, sockets)
      let code = unsafe curl_multi_add_handle(multi, transfer.easy.pointer)
      guard code == CURLM_OK else {
        throw TransportError(
          code: .invalidRequest,
          message: "libcurl refuses the request to \(submission.request.endpoint): "
            + CurlLibrary.text(of: code)
        )
      }
      transfers[ObjectIdentifier(submission.answer)] = transfer
    } catch {
      submission.answer.resolve(.failure(error))
    }
  }

  /// Removes the transfer whose caller has gone; an unknown one has ended already.
  func abandon(_ answer: PendingAnswer) {
    guard let transfer = transfers.removeValue(forKey: ObjectIdentifier(answer)) else { return }
    remove(transfer)
  }

  /// Moves every transfer as far as it goes and delivers the ones that ended.
  func advance() {
    var running: Int32 = 0
    let code = unsafe curl_multi_perform(multi, &running)
    report(code)
    var left: Int32 = 0
    while let message = unsafe curl_multi_info_read(multi, &left) {
      guard unsafe message.pointee.msg == CURLMSG_DONE,
        let handle = unsafe message.pointee.easy_handle
      else { continue }
      let result = unsafe message.pointee.data.result
      unsafe finish(handle, result)
    }
  }

  /// Sleeps until a socket, a timer or `curl_multi_wakeup` has something.
  func wait() {
    let code = unsafe curl_multi_poll(multi, nil, 0, TransferSet.longestWait, nil)
    report(code)
    if code != CURLM_OK {
      // A poll that fails returns at once: without this the loop would spin.
      usleep(100_000)
    }
  }

  /// Ends what is left and frees the multi handle with its connections.
  func close() {
    for transfer in transfers.values {
      remove(transfer)
      transfer.answer.resolve(.failure(TransferLoop.shutDown(transfer.request.endpoint)))
    }
    transfers = [:]
    unsafe report(curl_multi_cleanup(multi))
  }

  private func finish(_ handle: UnsafeMutableRawPointer, _ result: CURLcode) {
    guard let transfer = unsafe Transfer.of(handle) else { return }
    transfers[ObjectIdentifier(transfer.answer)] = nil
    if let again = transfer.anotherConnection {
      remove(transfer)
      logger.debug("connection not used again", [("endpoint", transfer.request.endpoint)])
      start(again)
      return
    }
    let outcome = transfer.outcome(result)
    remove(transfer)
    logger.debug("transfer ended", TransferSet.fields(of: outcome, transfer.request))
    transfer.answer.resolve(outcome)
  }

  private func remove(_ transfer: Transfer) {
    unsafe report(curl_multi_remove_handle(multi, transfer.easy.pointer))
  }

  private func report(_ code: CURLMcode) {
    guard code != lastFault else { return }
    lastFault = code
    guard code != CURLM_OK else { return }
    logger.error("libcurl reports a fault", [("error", CurlLibrary.text(of: code))])
  }

  private static func fields(
    of outcome: PendingAnswer.Outcome,
    _ request: PreparedRequest
  ) -> [Logger.Field] {
    switch outcome {
    case .success(let response):
      [
        ("endpoint", request.endpoint), ("status", String(response.status)),
        ("bytes", String(response.body.count)),
      ]
    case .failure(let error):
      [("endpoint", request.endpoint), ("code", error.code.rawValue), ("error", error.message)]
    }
  }
}
