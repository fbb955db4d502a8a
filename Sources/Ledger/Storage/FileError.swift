#if canImport(Glibc)
import Glibc
#endif

/// What the system refused.
package struct FileError: Error {
  /// The call, as in "write".
  package let operation: String
  /// The file or folder.
  package let path: String
  /// The value of `errno`.
  package let code: Int32

  /// A failed call.
  package init(operation: String, path: String, code: Int32) {
    self.operation = operation
    self.path = path
    self.code = code
  }

  /// What the C library calls the error, as in "No space left on device".
  package var reason: String {
    guard let text = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: text)
  }
}
