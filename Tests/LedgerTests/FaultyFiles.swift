import Glibc
import Ledger
import Synchronization

/// The real file system, until so many bytes or calls are used up: then everything is refused.
final class FaultyFiles: StorageFiles {
  private let real = LinuxFiles()
  private let calls: Mutex<Int>
  private let code: Int32

  /// So many changing calls succeed; the next write gets half of its bytes through.
  init(calls: Int = .max, code: Int32 = ENOSPC) {
    self.calls = Mutex(calls)
    self.code = code
  }

  func allow(_ count: Int) { calls.withLock { $0 = count } }

  private func use(_ operation: String, _ path: String) throws(FileError) {
    let isAllowed = calls.withLock { left in
      if left > 0 { left -= 1 }
      return left > 0
    }
    if !isAllowed { throw FileError(operation: operation, path: path, code: code) }
  }

  func create(_ path: String) throws(FileError) -> Int32 {
    try use("create", path)
    return try real.create(path)
  }

  func write(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(FileError) {
    do throws(FileError) {
      try use("write", path)
    } catch {
      let half = [UInt8](bytes.prefix(bytes.count / 2))
      try real.write(half, to: descriptor, path: path)
      throw error
    }
    try real.write(bytes, to: descriptor, path: path)
  }

  func sync(_ descriptor: Int32, path: String) throws(FileError) { try use("fdatasync", path) }

  func syncFolder(_ path: String) throws(FileError) { try use("fsync", path) }

  func close(_ descriptor: Int32) { real.close(descriptor) }

  func rename(_ path: String, to newPath: String) throws(FileError) {
    try use("rename", path)
    try real.rename(path, to: newPath)
  }

  func link(_ path: String, to newPath: String) throws(FileError) {
    try use("link", path)
    try real.link(path, to: newPath)
  }

  func remove(_ path: String) throws(FileError) {
    try use("remove", path)
    try real.remove(path)
  }

  func read(_ path: String) throws(FileError) -> [UInt8]? { try real.read(path) }

  func list(_ folder: String) throws(FileError) -> [String] { try real.list(folder) }
}
