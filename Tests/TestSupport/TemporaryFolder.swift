import Glibc

/// Folders for tests whose files are elsewhere: they hold a lock at most.
public enum TemporaryFolder {
  /// The system refused one.
  public struct Failure: Error {}

  /// A new folder in `/tmp`, which the system's own tidying removes.
  public static func make() throws -> String {
    var template = [CChar]("/tmp/cx-test-XXXXXX".utf8CString)
    guard let path = unsafe mkdtemp(&template) else { throw Failure() }
    return unsafe String(cString: path)
  }
}
