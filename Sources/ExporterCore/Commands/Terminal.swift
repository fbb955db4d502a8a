import ConfigurationFile
private import Glibc
import Logging

/// The process's standard streams.
enum Terminal {
  /// Writes a line to standard output.
  static func print(_ line: String) {
    write(Array(line.utf8) + [UInt8(ascii: "\n")])
  }

  /// Writes bytes to standard output, whole.
  ///
  /// - Returns: Whether all of them could be written.
  @discardableResult
  static func write(_ bytes: [UInt8]) -> Bool {
    unsafe bytes.withUnsafeBytes { buffer in
      var rest = unsafe buffer
      while let base = rest.baseAddress, unsafe !rest.isEmpty {
        let count = unsafe Glibc.write(STDOUT_FILENO, base, rest.count)
        if count < 0 {
          if errno == EINTR { continue }
          return false
        }
        unsafe rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
      }
      return true
    }
  }

  /// Writes what is wrong, or doubtful, in a configuration to standard error.
  static func complain(_ issue: ConfigurationIssue) {
    complain(issue.line)
  }

  /// Writes a line to standard error, for what is told before there is a logger.
  static func complain(_ line: String) {
    StandardErrorSink().write(Array("cx_exporter: \(line)\n".utf8))
  }
}
