/// How the process ends.
public enum ExitStatus: Int32, Sendable {
  /// All went well.
  case success = 0
  /// Something failed.
  case failure = 1
  /// The command line or the configuration is wrong.
  case usage = 2
}
