#if canImport(Glibc)
private import Glibc
#endif

/// Where a backfill keeps what it has fetched until it is written: beside its output, or in the
/// system's folder for temporary files where that is standard output.
struct WorkFolder {
  let path: String
  private let claim: BackfillFile

  /// The answers.
  var log: String { path + "/answers" }
  /// The sorted runs.
  var runs: String { path + "/runs" }
  /// The output before it is put in its place.
  var output: String { path + "/output" }

  private var manifest: String { path + "/backfill" }

  /// Makes the folder, or takes the one that the same backfill has left.
  ///
  /// - Parameters:
  ///   - path: The folder.
  ///   - description: What is fetched; another one's answers are of no use.
  /// - Throws: `BackfillError`, `UsageError` where the folder belongs to another backfill.
  init(path: String, description: String) throws {
    if unsafe mkdir(path, 0o700) != 0, errno != EEXIST {
      throw BackfillError.system("make the folder \(path) for the work", errno)
    }
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else {
      throw BackfillError.system("use the folder \(path)", errno)
    }
    // Others can make folders in /tmp too.
    guard status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid() else {
      throw BackfillError("\(path) is no folder of this user's; remove or rename it")
    }
    self.path = path
    claim = try BackfillFile(path: path + "/lock", isEmptied: false, isPrivate: true)
    guard claim.lock() else {
      throw BackfillError(
        "another backfill is at work in \(path); wait for it, or give this one another --output"
      )
    }
    let file = try BackfillFile(path: manifest, isEmptied: false, isPrivate: true)
    let wanted = Array((description + "\n").utf8)
    let found = try file.read(WorkFolder.longestDescription, at: 0)
    if found == wanted { return }
    // None, or one that was not written whole or came to nothing, is overwritten.
    guard found.last != UInt8(ascii: "\n") || hasNoAnswers else {
      let seen = String(decoding: found.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
      throw UsageError(
        message: "\(path) has an unfinished backfill of another range, target or configuration "
          + "(\(seen)); give that command again to finish it, or remove the folder"
      )
    }
    try file.truncate(to: 0)
    try file.write(wanted)
  }

  private var hasNoAnswers: Bool {
    var status = stat()
    return unsafe stat(log, &status) != 0 || status.st_size == 0
  }

  private static let longestDescription = 4096

  /// Removes the folder with everything in it.
  func remove() {
    for file in [log, runs, output, manifest, path + "/lock"] { _ = unsafe unlink(file) }
    _ = unsafe rmdir(path)
  }

  /// Puts the finished output in its place, in one step.
  func publish(to path: String) throws(BackfillError) {
    guard unsafe rename(output, path) == 0 else { throw .system("write \(path)", errno) }
  }
}
