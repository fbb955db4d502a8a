#if canImport(Glibc)
import Glibc
#endif

/// The text of `errno` values.
enum SystemError {
  /// What the C library calls the error, as in "Permission denied".
  static func text(_ code: Int32) -> String {
    guard let text = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: text)
  }
}
