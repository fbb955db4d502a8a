import ConfigurationFile

/// The words of the process's command line, as the kernel keeps them.
///
/// Swift's `CommandLine` looks for them next to `environ`, and finds none if a preloaded library has
/// changed the environment.
public enum ProcessArguments {
  /// Where the kernel shows them (proc_pid_cmdline(5)).
  static let file = "/proc/self/cmdline"
  /// More than any kernel takes: 6 MiB (execve(2)).
  private static let limit = 16 << 20

  /// Why there are no arguments to follow.
  public enum Failure: Error, Equatable {
    /// The kernel does not show them.
    case unreadable(String)
    /// One of them is no text.
    case wrong(String)

    /// What is wrong and what to do, in one line.
    public var message: String {
      switch self {
      case .unreadable(let message), .wrong(let message): message
      }
    }
  }

  /// The words after the program's name.
  public static func read() throws(Failure) -> [String] {
    try read(from: file)
  }

  static func read(from path: String) throws(Failure) -> [String] {
    let contents: FileContents
    do {
      contents = try FileContents(path: path, limit: limit, regularOnly: false)
    } catch {
      throw .unreadable("cannot read the command line from \(path): \(error.reason); mount /proc")
    }
    return try words(contents.bytes, from: path)
  }

  /// Each word ends in a NUL; the first is the program's name.
  static func words(_ bytes: [UInt8], from path: String = file) throws(Failure) -> [String] {
    guard !bytes.isEmpty else {
      throw .unreadable("cannot read the command line from \(path): it is empty; mount /proc")
    }
    var parts = bytes.split(separator: 0, omittingEmptySubsequences: false)
    if bytes.last == 0 { parts.removeLast() }
    var words: [String] = []
    for (index, part) in parts.enumerated().dropFirst() {
      guard let word = String(validating: part, as: UTF8.self) else {
        let shown = Excerpt.quoted(String(decoding: part, as: UTF8.self))
        throw .wrong("argument \(index) is not UTF-8 text: \(shown); rename what it names")
      }
      words.append(word)
    }
    return words
  }
}
