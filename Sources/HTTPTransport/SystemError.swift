import Glibc

/// The system's error numbers in words.
enum SystemError {
  /// The C library's sentence for an error number, as `Connection refused`.
  static func text(of number: Int32) -> String {
    // Since glibc 2.32 the text belongs to the calling thread.
    guard let text = unsafe strerror(number) else { return "error \(number)" }
    return unsafe String(cString: text)
  }
}
