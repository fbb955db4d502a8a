import Exposition
import Glibc
import Ledger
import Logging
import TestSupport

/// A storage folder of a test's own, removed at its end.
final class StorageFixture: Sendable {
  let log = LogRecorder()
  private let temporary: TemporaryFolder

  init() throws {
    temporary = try TemporaryFolder()
  }

  var folder: String { temporary.path }

  /// The files in the folder, sorted.
  var names: [String] { (try? LinuxFiles().list(folder)) ?? [] }

  func open(
    files: any StorageFiles = LinuxFiles(),
    minimumJournalBytes: Int = 1 << 20,
    now: @escaping @Sendable () -> Double = { 1000 }
  ) throws -> LedgerStorage {
    try LedgerStorage(
      folder: folder,
      files: files,
      minimumJournalBytes: minimumJournalBytes,
      logger: log.logger,
      now: now
    )
  }

  /// What a new agent would show of the targets.
  func reload(_ targets: [String] = ["a", "b"]) throws -> [String: [MetricFamily]] {
    StorageFixture.shown(CounterLedger(storage: try open()), targets)
  }

  static func shown(
    _ ledger: CounterLedger,
    _ targets: [String] = ["a", "b"]
  ) -> [String: [MetricFamily]] {
    Dictionary(uniqueKeysWithValues: targets.map { ($0, ledger.families(target: $0)) })
  }

  func read(_ name: String) throws -> [UInt8] {
    try LinuxFiles().read("\(folder)/\(name)") ?? []
  }

  func write(_ bytes: [UInt8], _ name: String) throws {
    let path = "\(folder)/\(name)"
    let descriptor = try LinuxFiles().create(path)
    defer { close(descriptor) }
    try LinuxFiles().write(bytes, to: descriptor, path: path)
  }

  /// Empties the folder and puts the given files there.
  func restore(_ files: [String: [UInt8]]) throws {
    for name in names { unsafe unlink("\(folder)/\(name)") }
    for (name, bytes) in files { try write(bytes, name) }
  }

  func contents() throws -> [String: [UInt8]] {
    Dictionary(uniqueKeysWithValues: try names.filter { $0 != "lock" }.map { ($0, try read($0)) })
  }
}

struct StorageTestFailure: Error {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}
