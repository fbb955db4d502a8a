import CCurl
import COpenSSL

/// One request on its way through libcurl; used by the loop's thread alone.
///
/// libcurl's callbacks hold its address unretained: the set keeps a transfer for as long as its
/// handle belongs to the multi handle.
final class Transfer {
  let request: PreparedRequest
  let answer: PendingAnswer
  let easy: EasyHandle
  private var collector: ResponseCollector
  private let sockets: ConnectionSockets
  /// Whether the request was handed to a connection.
  private var hasBegun = false
  /// Whether the connection that libcurl chose had something to read before the request.
  private var isStale = false

  init(_ submission: Submission, _ sockets: ConnectionSockets) throws(TransportError) {
    self.sockets = sockets
    request = submission.request
    answer = submission.answer
    easy = try EasyHandle()
    collector = ResponseCollector(maxBodySize: request.maxResponseSize)
    try easy.apply(request)
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    unsafe try easy.set(CURLOPT_PRIVATE, context: context)
    try sockets.watch(easy)
    unsafe try easy.check(
      cx_curl_ask_before_request(
        easy.pointer,
        { context, _, address, _, port in
          guard let context = unsafe context, let address = unsafe address else {
            return CURL_PREREQFUNC_ABORT
          }
          let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
          return unsafe transfer.mayBegin(address, port)
            ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
        },
        context
      )
    )
    unsafe try easy.setCallback(
      CURLOPT_HEADERFUNCTION,
      { data, size, count, context in
        unsafe Transfer.deliver(data, size * count, context) { collector, bytes in
          unsafe collector.takeFieldLine(bytes)
        }
      },
      contextOption: CURLOPT_HEADERDATA,
      context: context
    )
    unsafe try easy.setCallback(
      CURLOPT_WRITEFUNCTION,
      { data, size, count, context in
        unsafe Transfer.deliver(data, size * count, context) { collector, bytes in
          unsafe collector.takeBody(bytes)
        }
      },
      contextOption: CURLOPT_WRITEDATA,
      context: context
    )
  }

  /// The transfer that a handle was made for.
  static func of(_ handle: UnsafeMutableRawPointer) -> Transfer? {
    var context: UnsafeMutableRawPointer?
    guard unsafe cx_curl_getinfo_pointer(handle, CURLINFO_PRIVATE, &context) == CURLE_OK,
      let context = unsafe context
    else { return nil }
    return unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
  }

  /// Decides whether the request may be sent on the connection that libcurl chose, whose local
  /// address that is.
  private func mayBegin(_ address: UnsafePointer<CChar>, _ port: Int32) -> Bool {
    if hasBegun {
      // libcurl found no answer and would send the request again, uncounted.
      return !request.isSentOnce
    }
    if unsafe isUsable(address, port) {
      hasBegun = true
    } else {
      isStale = true
    }
    return hasBegun
  }

  private func isUsable(_ address: UnsafePointer<CChar>, _ port: Int32) -> Bool {
    let isNew = easy.number(CURLINFO_NUM_CONNECTS) > 0
    guard let session = unsafe easy.tlsSession else {
      // A TLS server may send session tickets at once; another library's state is not known.
      if isNew && request.isEncrypted { return true }
      return unsafe sockets.isQuiet(address, port)
    }
    // HTTP/2 names the request that each of its frames belongs to, and a ping is in order.
    if unsafe isNew || cx_tls_speaks_http2(session) != 0 { return true }
    return unsafe SSL_has_pending(session) == 0 && sockets.isQuiet(address, port)
  }

  /// The same request for a connection of its own, when nothing was sent because the idle one could
  /// not be used.
  var anotherConnection: Submission? {
    guard isStale, !request.needsFreshConnection else { return nil }
    var request = request
    request.needsFreshConnection = true
    return Submission(request: request, answer: answer)
  }

  /// What came of the transfer; called once, when libcurl is done with it.
  func outcome(_ result: CURLcode) -> PendingAnswer.Outcome {
    let status = easy.number(CURLINFO_RESPONSE_CODE)
    guard result == CURLE_OK else {
      let failure = TransferFailure(
        code: result,
        detail: easy.errorDetail,
        systemError: Int32(truncatingIfNeeded: easy.number(CURLINFO_OS_ERRNO)),
        proxyStatus: easy.number(CURLINFO_HTTP_CONNECTCODE),
        isConnected: easy.seconds(CURLINFO_CONNECT_TIME) > 0,
        hasBegun: hasBegun,
        isReused: easy.number(CURLINFO_NUM_CONNECTS) == 0,
        isStale: isStale,
        refusal: collector.refusal,
        receivedBytes: collector.receivedBytes
      )
      return .failure(failure.error(for: request))
    }
    guard status >= 200 else {
      return .failure(
        TransportError(
          code: .connection,
          message: "\(request.endpoint) gave no final answer: its status was \(status)"
        )
      )
    }
    return .success(collector.takeResponse(status: status))
  }

  /// Hands libcurl's bytes on; any number but the whole count makes libcurl end the transfer.
  private static func deliver(
    _ data: UnsafeMutablePointer<CChar>?,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?,
    to take: (inout ResponseCollector, UnsafeRawBufferPointer) -> Bool
  ) -> Int {
    guard let context = unsafe context else { return -1 }
    let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    let bytes = unsafe UnsafeRawBufferPointer(start: data, count: count)
    guard unsafe take(&transfer.collector, bytes) else { return -1 }
    // It may be the answer to no request, and the real one still to come (RFC 9110, section
    // 15.5.9): the connection is closed after it.
    if transfer.collector.has(status: 408) {
      do throws(TransportError) {
        try transfer.easy.set(CURLOPT_FORBID_REUSE, true)
      } catch {
        return -1
      }
    }
    return count
  }
}
