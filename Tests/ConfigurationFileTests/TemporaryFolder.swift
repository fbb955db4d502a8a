import Glibc
import Testing

/// A folder of its own for one test, removed with everything in it.
final class TemporaryFolder {
  let path: String
  private var files: [String] = []

  init() throws {
    var template = Array("/tmp/cx-configuration-XXXXXX".utf8CString)
    let isMade = unsafe template.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return false }
      return unsafe mkdtemp(base) != nil
    }
    try #require(isMade)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    for file in files { unsafe unlink(file) }
    unsafe rmdir(path)
  }

  /// Writes a file, replacing what it held, and returns its path.
  @discardableResult
  func write(_ bytes: [UInt8], to name: String, mode: mode_t = 0o600) throws -> String {
    let file = path + "/" + name
    let descriptor = unsafe open(file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    files.append(file)
    let count = unsafe bytes.withUnsafeBytes {
      unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
    }
    try #require(count == bytes.count)
    try #require(fchmod(descriptor, mode) == 0)
    return file
  }

  /// Writes a text, replacing what the file held, and returns its path.
  @discardableResult
  func write(_ text: String, to name: String, mode: mode_t = 0o600) throws -> String {
    try write(Array(text.utf8), to: name, mode: mode)
  }

  /// Makes a pipe that nobody writes to and returns its path.
  func makePipe(_ name: String) throws -> String {
    let file = path + "/" + name
    try #require(unsafe mkfifo(file, 0o600) == 0)
    files.append(file)
    return file
  }
}
