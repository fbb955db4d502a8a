import CLinux

#if canImport(Glibc)
import Glibc
#endif

/// The file of a Unix socket that this process has bound.
///
/// A file that a dead process has left is replaced, one that somebody listens on is not. Two
/// processes that start at the same time take turns by a lock on the folder.
struct SocketFile: Sendable {
  private let path: String
  private let device: dev_t
  private let inode: ino_t

  /// Binds the path and listens.
  ///
  /// - Parameters:
  ///   - descriptor: A Unix stream socket; the caller's to close.
  ///   - address: An address with a path.
  /// - Throws: `ListenerError` where the path cannot be had.
  init(
    binding descriptor: Int32,
    to address: ListenAddress
  ) throws(ListenerError) {
    let path = address.path ?? ""
    func failure(_ code: Int32, _ advice: String) -> ListenerError {
      ListenerError(message: "cannot listen on \(address): \(SystemError.text(code)); \(advice)")
    }
    guard let local = SocketAddress(path: path) else {
      throw failure(ENAMETOOLONG, "choose a shorter path")
    }
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    // Anybody may lock a folder that they can read: whoever holds it for long does not keep the
    // agent from starting, which is then alone in looking after itself.
    let lock = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if lock >= 0 { SocketFile.waitForTurn(lock) }
    // Which drops the lock.
    defer { if lock >= 0 { close(lock) } }
    var isBound = local.bind(descriptor)
    if !isBound, errno == EADDRINUSE {
      try SocketFile.removeStale(path, local, failure)
      isBound = local.bind(descriptor)
    }
    guard isBound else {
      throw failure(
        errno,
        "the folder \(folder) must exist, and this user must be able to write there"
      )
    }
    var status = stat()
    guard listen(descriptor, SOMAXCONN) == 0, unsafe lstat(path, &status) == 0 else {
      let code = errno
      unsafe unlink(path)
      throw failure(code, "choose another --web.listen-address")
    }
    self.path = path
    device = status.st_dev
    inode = status.st_ino
  }

  /// Removes the file, where it is still this socket's.
  ///
  /// While the socket is open nobody takes the file for a stale one: call this before closing it.
  func remove() {
    var status = stat()
    guard unsafe lstat(path, &status) == 0, status.st_dev == device, status.st_ino == inode else {
      return
    }
    // What cannot be removed is stale from now on, and the next start replaces it.
    unsafe unlink(path)
  }

  /// Removes a socket's file that nobody listens on.
  private static func removeStale(
    _ path: String,
    _ address: SocketAddress,
    _ failure: (_ code: Int32, _ advice: String) -> ListenerError
  ) throws(ListenerError) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else {
      // Gone in between.
      if errno == ENOENT { return }
      throw failure(errno, "choose another --web.listen-address")
    }
    guard status.st_mode & S_IFMT == S_IFSOCK else {
      throw failure(EEXIST, "the file there is no socket; remove it or choose another path")
    }
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let probe = socket(AF_UNIX, kind, 0)
    guard probe >= 0 else { throw failure(errno, "raise the limit of open files") }
    defer { close(probe) }
    // Only "connection refused" tells that nobody is there (connect(2), unix(7)).
    let code = address.connect(probe) ? 0 : errno
    if code == ENOENT { return }
    guard code == ECONNREFUSED else {
      throw failure(
        EADDRINUSE,
        "another process has the socket; stop it or choose another --web.listen-address"
      )
    }
    guard unsafe unlink(path) == 0 || errno == ENOENT else {
      throw failure(errno, "nobody listens there, but the file cannot be removed; remove it")
    }
  }

  /// Locks the folder; waits a second at most.
  private static func waitForTurn(_ folder: Int32) {
    for _ in 0..<20 {
      guard flock(folder, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK || errno == EINTR else {
        return
      }
      usleep(50_000)
    }
  }
}
