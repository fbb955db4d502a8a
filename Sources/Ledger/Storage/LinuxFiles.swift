#if canImport(Glibc)
import Glibc
#endif

/// The real file system.
package struct LinuxFiles: StorageFiles {
  /// The calls have no state.
  package init() {}

  /// Creates a file that only the agent's user may read.
  package func create(_ path: String) throws(FileError) -> Int32 {
    try remove(path)
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC
    let descriptor = unsafe open(path, flags, 0o600)
    guard descriptor >= 0 else { throw FileError(operation: "create", path: path, code: errno) }
    return descriptor
  }

  /// Writes all of the bytes, however few the system takes at once.
  package func write(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(FileError) {
    var start = 0
    while start < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[start...])
        return unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw FileError(operation: "write", path: path, code: errno) }
      start += count
    }
  }

  /// Flushes the data and the file's size.
  package func sync(_ descriptor: Int32, path: String) throws(FileError) {
    guard fdatasync(descriptor) == 0 else {
      throw FileError(operation: "fdatasync", path: path, code: errno)
    }
  }

  /// Flushes names: a new or renamed file is only then sure to be there.
  package func syncFolder(_ path: String) throws(FileError) {
    let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(operation: "open", path: path, code: errno) }
    defer { _ = Glibc.close(descriptor) }
    guard fsync(descriptor) == 0 else {
      throw FileError(operation: "fsync", path: path, code: errno)
    }
  }

  /// Closes the descriptor.
  package func close(_ descriptor: Int32) {
    // What close() reports was reported by fdatasync() before.
    _ = Glibc.close(descriptor)
  }

  /// Replaces what is at the new path.
  package func rename(_ path: String, to newPath: String) throws(FileError) {
    guard unsafe Glibc.rename(path, newPath) == 0 else {
      throw FileError(operation: "rename", path: path, code: errno)
    }
  }

  /// Keeps what is at the new path, should there be anything.
  package func link(_ path: String, to newPath: String) throws(FileError) {
    guard unsafe Glibc.link(path, newPath) == 0 || errno == EEXIST else {
      throw FileError(operation: "link", path: path, code: errno)
    }
  }

  /// Removes one name.
  package func remove(_ path: String) throws(FileError) {
    guard unsafe unlink(path) == 0 || errno == ENOENT else {
      throw FileError(operation: "remove", path: path, code: errno)
    }
  }

  /// Reads a regular file to its end.
  package func read(_ path: String) throws(FileError) -> [UInt8]? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw FileError(operation: "open", path: path, code: errno)
    }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw FileError(operation: "stat", path: path, code: errno)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw FileError(operation: "read", path: path, code: EINVAL)
    }
    var failure: Int32 = 0
    let size = Int(status.st_size)
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
      while filled < size {
        let rest = unsafe UnsafeMutableBufferPointer(rebasing: buffer[filled...])
        let count = unsafe Glibc.read(descriptor, rest.baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        if count < 0 { failure = errno }
        guard count > 0 else { break }
        filled += count
      }
    }
    guard failure == 0 else { throw FileError(operation: "read", path: path, code: failure) }
    return bytes
  }

  /// Every name except `.` and `..`, sorted.
  package func list(_ folder: String) throws(FileError) -> [String] {
    guard let stream = unsafe opendir(folder) else {
      throw FileError(operation: "open", path: folder, code: errno)
    }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
          unsafe String(cString: $0)
        }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}
