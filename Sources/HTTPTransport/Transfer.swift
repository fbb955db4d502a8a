import CCurl

/// One request on its way through libcurl; used by the loop's thread alone.
///
/// libcurl's callbacks hold its address unretained: the set keeps a transfer for as long as its
/// handle belongs to the multi handle.
final class Transfer {
  let request: PreparedRequest
  let answer: PendingAnswer
  let easy: EasyHandle
  private var collector: ResponseCollector

  init(_ submission: Submission) throws(TransportError) {
    request = submission.request
    answer = submission.answer
    easy = try EasyHandle()
    collector = ResponseCollector(maxBodySize: request.maxResponseSize)
    try easy.apply(request)
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    unsafe try easy.set(CURLOPT_PRIVATE, context: context)
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

  /// What came of the transfer; called once, when libcurl is done with it.
  func outcome(_ result: CURLcode) -> PendingAnswer.Outcome {
    let status = easy.number(CURLINFO_RESPONSE_CODE)
    guard result == CURLE_OK else {
      let failure = TransferFailure(
        code: result,
        detail: easy.errorDetail,
        systemError: Int32(truncatingIfNeeded: easy.number(CURLINFO_OS_ERRNO)),
        isConnected: easy.seconds(CURLINFO_CONNECT_TIME) > 0,
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
    return unsafe take(&transfer.collector, bytes) ? count : -1
  }
}
