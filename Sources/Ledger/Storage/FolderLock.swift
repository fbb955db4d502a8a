#if canImport(Glibc)
import CLinux
import Glibc
#endif

/// The claim to a folder, held for as long as the object lives; the system drops it when we are killed.
final class FolderLock: Sendable {
  private let descriptor: Int32

  /// Claims the folder through a lock file in it, which names the process that holds it.
  init(folder: String) throws(StorageError) {
    let path = folder + "/lock"
    let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      let error = FileError(operation: "open", path: path, code: errno)
      throw StorageError(
        "cannot use the storage folder \(folder): opening \(path) failed: \(error.reason); "
          + "the agent's user must be able to write there"
      )
    }
    guard FolderLock.claim(descriptor) else {
      let error = FileError(operation: "lock", path: path, code: errno)
      let isHeld = error.code == EWOULDBLOCK
      let holder = FolderLock.holder(descriptor)
      close(descriptor)
      throw StorageError(
        isHeld
          ? "the storage folder \(folder) is in use by another agent (pid \(holder)); "
            + "stop that one or give this one a folder of its own"
          : "cannot lock the storage folder \(folder): \(error.reason)"
      )
    }
    self.descriptor = descriptor
    // Only a hint for whoever finds the folder locked: a full disk must not keep the agent down.
    let text = [UInt8]("\(getpid())\n".utf8)
    if ftruncate(descriptor, 0) == 0 {
      _ = unsafe text.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }
  }

  deinit {
    // Closing alone would leave the lock to a child that has not yet come to its exec.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  /// How often, and how long in microseconds, to wait for a predecessor that is about to be gone.
  private static let attempts = 20
  private static let pause: UInt32 = 50_000

  private static func claim(_ descriptor: Int32) -> Bool {
    for attempt in 1...attempts {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
      guard errno == EWOULDBLOCK || errno == EINTR else { return false }
      if attempt < attempts { usleep(pause) }
    }
    errno = EWOULDBLOCK
    return false
  }

  private static func holder(_ descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 20)
    let count = unsafe bytes.withUnsafeMutableBytes {
      unsafe pread(descriptor, $0.baseAddress, $0.count, 0)
    }
    let digits = bytes.prefix(max(0, count)).prefix { (0x30...0x39).contains($0) }
    return digits.isEmpty ? "unknown" : String(decoding: digits, as: UTF8.self)
  }
}
