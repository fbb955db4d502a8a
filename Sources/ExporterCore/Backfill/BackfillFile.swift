#if canImport(Glibc)
private import Glibc
#endif

/// A file of a backfill, written at its end or through a buffer, and read at any place.
final class BackfillFile {
  /// What the file is called in errors.
  let name: String
  private let descriptor: Int32
  private let isOwned: Bool
  private var buffer: [UInt8] = []

  private static let bufferSize = 1 << 16

  /// Opens a file for reading and for writing behind its end; creates it where there is none.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - isEmptied: Whether what is in it goes.
  ///   - isPrivate: Whether others may not read it.
  /// - Throws: `BackfillError` where the system refuses.
  init(path: String, isEmptied: Bool, isPrivate: Bool) throws(BackfillError) {
    let flags = O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | (isEmptied ? O_TRUNC : 0)
    descriptor = unsafe open(path, flags, isPrivate ? 0o600 : 0o644)
    guard descriptor >= 0 else { throw .system("open \(path)", errno) }
    name = path
    isOwned = true
  }

  private init(standardOutput: Int32) {
    descriptor = standardOutput
    name = "standard output"
    isOwned = false
  }

  /// The process's standard output.
  static func standardOutput() -> BackfillFile { BackfillFile(standardOutput: STDOUT_FILENO) }

  deinit {
    if isOwned { _ = close(descriptor) }
  }

  /// Appends bytes to the buffer, and the buffer to the file once it is large.
  func append(_ bytes: [UInt8]) throws(BackfillError) {
    buffer += bytes
    if buffer.count >= BackfillFile.bufferSize { try flush() }
  }

  /// Writes what is in the buffer.
  func flush() throws(BackfillError) {
    let bytes = buffer
    buffer.removeAll(keepingCapacity: true)
    try write(bytes)
  }

  /// Writes bytes at once, all of them.
  func write(_ bytes: [UInt8]) throws(BackfillError) {
    var start = 0
    while start < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { all in
        let rest = unsafe UnsafeRawBufferPointer(rebasing: all[start...])
        return unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .system("write \(name)", errno) }
      start += count
    }
  }

  /// Reads bytes at a place; fewer where the file ends.
  func read(_ count: Int, at offset: Int) throws(BackfillError) -> [UInt8] {
    var failure: Int32 = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let rest = unsafe UnsafeMutableBufferPointer(rebasing: buffer[filled...])
        let got = unsafe pread(descriptor, rest.baseAddress, rest.count, off_t(offset + filled))
        if got < 0, errno == EINTR { continue }
        if got < 0 { failure = errno }
        guard got > 0 else { break }
        filled += got
      }
    }
    guard failure == 0 else { throw .system("read \(name)", failure) }
    return bytes
  }

  /// Cuts the file off.
  func truncate(to size: Int) throws(BackfillError) {
    guard ftruncate(descriptor, off_t(size)) == 0 else { throw .system("cut \(name)", errno) }
  }

  /// Waits until the file is on the disk.
  func sync() throws(BackfillError) {
    guard fdatasync(descriptor) == 0 else { throw .system("write \(name)", errno) }
  }

  /// Claims the file for this process; false where another has it.
  func lock() -> Bool {
    flock(descriptor, LOCK_EX | LOCK_NB) == 0
  }
}
