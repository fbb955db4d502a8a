import CCurl
import Glibc

/// Owns one libcurl easy handle and the memory that libcurl only points to.
///
/// That is its lists and the buffer of its error text. All of it is freed once, in the order
/// libcurl needs.
@safe
final class EasyHandle {
  let pointer: UnsafeMutableRawPointer
  private let errorText: UnsafeMutablePointer<CChar>
  private var lists: [UnsafeMutablePointer<curl_slist>]

  init() throws(TransportError) {
    guard let pointer = unsafe curl_easy_init() else { throw EasyHandle.outOfMemory }
    unsafe self.pointer = unsafe pointer
    unsafe lists = []
    unsafe errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    unsafe try check(cx_curl_setopt_pointer(pointer, CURLOPT_ERRORBUFFER, errorText))
  }

  deinit {
    // The handle first: while it closes a connection it may still write an error's text.
    unsafe curl_easy_cleanup(pointer)
    for index in unsafe lists.indices { unsafe curl_slist_free_all(lists[index]) }
    unsafe errorText.deallocate()
  }

  /// What libcurl says about the last failure beyond its code; empty where it says nothing.
  var errorDetail: String {
    unsafe String(cString: errorText)
  }

  func set(_ option: CURLoption, _ value: Int) throws(TransportError) {
    unsafe try check(cx_curl_setopt_long(pointer, option, value))
  }

  func set(_ option: CURLoption, _ value: Bool) throws(TransportError) {
    unsafe try check(cx_curl_setopt_long(pointer, option, value ? 1 : 0))
  }

  /// Sets a text, which libcurl copies; nil takes the option's built-in value away.
  func set(_ option: CURLoption, _ value: String?) throws(TransportError) {
    unsafe try check(cx_curl_setopt_string(pointer, option, value))
  }

  /// Sets a size that may exceed 32 bits where `long` has no more.
  func setSize(_ option: CURLoption, _ value: Int) throws(TransportError) {
    unsafe try check(cx_curl_setopt_offset(pointer, option, curl_off_t(value)))
  }

  /// Sets a list of lines and keeps it as long as the handle.
  func set(_ option: CURLoption, _ lines: [String]) throws(TransportError) {
    var head: UnsafeMutablePointer<curl_slist>?
    for line in lines {
      guard let longer = unsafe curl_slist_append(head, line) else {
        unsafe curl_slist_free_all(head)
        throw EasyHandle.outOfMemory
      }
      unsafe head = longer
    }
    guard let list = unsafe head else { return }
    unsafe lists.append(list)
    unsafe try check(cx_curl_setopt_list(pointer, option, list))
  }

  /// Sets the body of a POST, which libcurl copies.
  func setBody(_ body: [UInt8]) throws(TransportError) {
    try set(CURLOPT_POST, true)
    try setSize(CURLOPT_POSTFIELDSIZE_LARGE, body.count)
    // The body is read by its size; the terminator gives an empty one an address.
    var terminated = body
    terminated.append(0)
    let code = unsafe terminated.withUnsafeMutableBytes { bytes in
      unsafe cx_curl_setopt_pointer(pointer, CURLOPT_COPYPOSTFIELDS, bytes.baseAddress)
    }
    try check(code)
  }

  /// Sets a function for incoming bytes and what it is called with.
  func setCallback(
    _ option: CURLoption,
    _ callback: cx_curl_data_callback,
    contextOption: CURLoption,
    context: UnsafeMutableRawPointer
  ) throws(TransportError) {
    unsafe try check(cx_curl_setopt_data_callback(pointer, option, callback))
    unsafe try check(cx_curl_setopt_pointer(pointer, contextOption, context))
  }

  func set(_ option: CURLoption, context: UnsafeMutableRawPointer) throws(TransportError) {
    unsafe try check(cx_curl_setopt_pointer(pointer, option, context))
  }

  /// A number libcurl keeps about the transfer, 0 where it has none.
  func number(_ info: CURLINFO) -> Int {
    var value = 0
    let code = unsafe cx_curl_getinfo_long(pointer, info, &value)
    return code == CURLE_OK ? value : 0
  }

  /// A time in seconds libcurl keeps about the transfer, 0 where it has none.
  func seconds(_ info: CURLINFO) -> Double {
    var value = 0.0
    let code = unsafe cx_curl_getinfo_double(pointer, info, &value)
    return code == CURLE_OK ? value : 0
  }

  /// The TLS session of the connection in use; nil without TLS, and with another library's.
  var tlsSession: OpaquePointer? {
    var info: UnsafeMutableRawPointer?
    guard unsafe cx_curl_getinfo_pointer(pointer, CURLINFO_TLS_SSL_PTR, &info) == CURLE_OK,
      let session = unsafe info?.assumingMemoryBound(to: curl_tlssessioninfo.self).pointee,
      unsafe session.backend == CURLSSLBACKEND_OPENSSL
    else { return nil }
    return unsafe session.internals.map { OpaquePointer($0) }
  }

  func check(_ code: CURLcode) throws(TransportError) {
    guard code != CURLE_OK else { return }
    throw TransportError(
      code: .invalidRequest,
      message: "libcurl \(CurlLibrary.version) refuses an option: \(CurlLibrary.text(of: code))"
    )
  }

  private static let outOfMemory = TransportError(
    code: .invalidRequest,
    message: "libcurl is out of memory"
  )
}
