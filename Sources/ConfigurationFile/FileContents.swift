private import Glibc

/// A small file read whole, with what the checks need to know about it.
public struct FileContents {
  /// Why a file could not be read; the path is for the caller to add.
  public struct Failure: Error, Equatable {
    /// The system's reason, or what is wrong with the file.
    public let reason: String
  }

  /// What is in the file.
  public let bytes: [UInt8]
  /// The permission bits.
  let mode: UInt32

  /// Reads the file at `path`.
  ///
  /// - Parameters:
  ///   - path: An absolute path, or one relative to the working directory.
  ///   - limit: More bytes than this are an error.
  ///   - regularOnly: Refuses pipes and devices, whose opening or reading could wait for ever.
  /// - Throws: The system's reason, or a file that is too large or of the wrong kind.
  public init(path: String, limit: Int, regularOnly: Bool) throws(Failure) {
    // Without O_NONBLOCK the mere opening of a pipe waits for a writer.
    let flags = O_RDONLY | O_CLOEXEC | (regularOnly ? O_NONBLOCK : 0)
    let descriptor = unsafe open(path, flags)
    guard descriptor >= 0 else { throw Self.failure(errno) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw Self.failure(errno) }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw Self.failure(EISDIR) }
    guard !regularOnly || status.st_mode & S_IFMT == S_IFREG else {
      throw Failure(reason: "not a regular file")
    }
    mode = status.st_mode & 0o7777
    bytes = try Self.read(descriptor, limit: limit)
  }

  private static func read(_ descriptor: Int32, limit: Int) throws(Failure) -> [UInt8] {
    var contents: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16_384)
    while true {
      let count = unsafe chunk.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw failure(errno)
      }
      if count == 0 { return contents }
      contents += chunk.prefix(count)
      if contents.count > limit {
        throw Failure(reason: "larger than \(ByteCount.text(limit))")
      }
    }
  }

  private static func failure(_ code: Int32) -> Failure {
    guard let text = unsafe strerror(code) else { return Failure(reason: "error \(code)") }
    return unsafe Failure(reason: String(cString: text))
  }
}
