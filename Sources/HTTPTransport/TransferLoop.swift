import CCurl
import CLinux
import Glibc
import Logging
import Synchronization

/// The thread that drives libcurl's multi handle, and the mailbox it is reached by.
///
/// Everything but `curl_multi_wakeup` happens on that thread: libcurl's handles may be used by one
/// thread at a time only.
@safe
final class TransferLoop: Sendable {
  private struct Mailbox {
    /// Once false the multi handle may be gone: nobody may wake it any more.
    var isOpen = true
    var submissions: [Submission] = []
    var abandoned: [PendingAnswer] = []
  }

  private let mailbox = Mutex(Mailbox())
  private let thread = Mutex<pthread_t?>(nil)
  private let logger: Logger
  /// Freed by the thread as its last deed; used by others only under the mailbox's lock.
  nonisolated(unsafe) private let multi: UnsafeMutableRawPointer

  /// Makes the multi handle and starts the thread.
  init(logger: Logger) throws(TransportError) {
    self.logger = logger
    guard let multi = unsafe curl_multi_init() else {
      throw TransportError(
        code: .invalidRequest,
        message: "libcurl cannot make a multi handle: out of memory or descriptors"
      )
    }
    unsafe self.multi = unsafe multi
    let started = startThread()
    guard started == 0 else {
      unsafe curl_multi_cleanup(multi)
      throw TransportError(
        code: .invalidRequest,
        message: "cannot start the HTTP client's thread: \(SystemError.text(of: started))"
      )
    }
  }

  /// Hands a request to the thread; its answer is resolved in any case.
  func submit(_ submission: Submission) {
    let isTaken = mailbox.withLock { mailbox in
      guard mailbox.isOpen else { return false }
      mailbox.submissions.append(submission)
      unsafe curl_multi_wakeup(multi)
      return true
    }
    if !isTaken {
      submission.answer.resolve(.failure(TransferLoop.shutDown(submission.request.endpoint)))
    }
  }

  /// Has the transfer of an answer that is already resolved removed.
  func abandon(_ answer: PendingAnswer) {
    mailbox.withLock { mailbox in
      guard mailbox.isOpen else { return }
      mailbox.abandoned.append(answer)
      unsafe curl_multi_wakeup(multi)
    }
  }

  /// Ends every transfer and waits for the thread; later calls find nothing to do.
  func stop() {
    mailbox.withLock { mailbox in
      guard mailbox.isOpen else { return }
      mailbox.isOpen = false
      unsafe curl_multi_wakeup(multi)
    }
    thread.withLock { thread in
      guard let running = thread else { return }
      pthread_join(running, nil)
      thread = nil
    }
  }

  static func shutDown(_ endpoint: String) -> TransportError {
    TransportError(
      code: .cancelled,
      message: "the request to \(endpoint) was cancelled: the HTTP client is shut down"
    )
  }

  /// Starts the thread with every signal blocked: they belong to the main thread, and a SIGPIPE
  /// of a TLS write must not end the process.
  private func startThread() -> Int32 {
    var handle = pthread_t()
    let context = unsafe Unmanaged.passRetained(self)
    let code = unsafe cx_start_thread(
      &handle,
      "http-client",
      { context in
        guard let context = unsafe context else { return nil }
        unsafe Unmanaged<TransferLoop>.fromOpaque(context).takeRetainedValue().run()
        return nil
      },
      context.toOpaque()
    )
    if code == 0 {
      thread.withLock { $0 = handle }
    } else {
      unsafe context.release()
    }
    return code
  }

  /// The thread's whole life.
  private func run() {
    let transfers = unsafe TransferSet(multi: multi, logger: logger)
    while let mail = takeMail() {
      for submission in mail.submissions { transfers.start(submission) }
      for answer in mail.abandoned { transfers.abandon(answer) }
      transfers.advance()
      transfers.wait()
    }
    let left = mailbox.withLock { mailbox in
      defer { mailbox.submissions = [] }
      return mailbox.submissions
    }
    for submission in left {
      submission.answer.resolve(.failure(TransferLoop.shutDown(submission.request.endpoint)))
    }
    transfers.close()
  }

  /// What has come in since the last time, or nil once the loop is to end.
  private func takeMail() -> Mailbox? {
    mailbox.withLock { mailbox in
      guard mailbox.isOpen else { return nil }
      let mail = mailbox
      mailbox = Mailbox()
      return mail
    }
  }
}
