public import Glibc

/// A folder of its own for one test, removed with everything in it.
public final class TemporaryFolder: Sendable {
  /// What the system refused.
  public struct Failure: Error, CustomStringConvertible {
    /// Where, and the system's reason.
    public let description: String

    fileprivate init(_ what: String) {
      description = "\(what): \(unsafe String(cString: strerror(errno)))"
    }
  }

  /// Its absolute path, without a slash at the end.
  public let path: String

  /// A new folder, empty and closed to others.
  public init() throws {
    var template = [CChar]("/tmp/cx-test-XXXXXX".utf8CString)
    guard let made = unsafe mkdtemp(&template) else { throw Failure("no folder in /tmp") }
    path = unsafe String(cString: made)
  }

  deinit {
    if !TemporaryFolder.remove(path) { print(Failure("\(path) is left behind")) }
  }

  /// Removes a folder with what is in it, links themselves and not what they lead to.
  private static func remove(_ folder: String) -> Bool {
    guard let stream = unsafe opendir(folder) else { return false }
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
        unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name == "." || name == ".." { continue }
      let path = "\(folder)/\(name)"
      if unsafe unlink(path) != 0, errno == EISDIR { _ = remove(path) }
    }
    unsafe closedir(stream)
    return unsafe rmdir(folder) == 0
  }

  /// Writes a file, replacing what it held, and returns its path.
  @discardableResult
  public func write(_ bytes: [UInt8], to name: String, mode: mode_t = 0o600) throws -> String {
    let file = "\(path)/\(name)"
    let descriptor = unsafe open(file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    guard descriptor >= 0 else { throw Failure(file) }
    defer { close(descriptor) }
    let count = unsafe bytes.withUnsafeBytes {
      unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
    }
    guard count == bytes.count, fchmod(descriptor, mode) == 0 else { throw Failure(file) }
    return file
  }

  /// Writes a text, replacing what the file held, and returns its path.
  @discardableResult
  public func write(_ text: String, to name: String, mode: mode_t = 0o600) throws -> String {
    try write(Array(text.utf8), to: name, mode: mode)
  }

  /// What a file holds.
  public func text(_ name: String) throws -> String {
    let file = "\(path)/\(name)"
    let descriptor = unsafe open(file, O_RDONLY)
    guard descriptor >= 0 else { throw Failure(file) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe part.withUnsafeMutableBytes {
        unsafe read(descriptor, $0.baseAddress, $0.count)
      }
      guard count >= 0 else { throw Failure(file) }
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += part.prefix(count)
    }
  }

  /// Makes a pipe that nobody writes to and returns its path.
  public func makePipe(_ name: String) throws -> String {
    let file = "\(path)/\(name)"
    guard unsafe mkfifo(file, 0o600) == 0 else { throw Failure(file) }
    return file
  }
}
