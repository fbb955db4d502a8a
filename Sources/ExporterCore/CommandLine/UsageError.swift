/// A command line that cannot be followed: exit status 2.
struct UsageError: Error, Equatable {
  /// What is wrong and what to do, in one line.
  let message: String
}
