/// Where the storage stands.
struct JournalState: Sendable {
  /// The journal that is written.
  struct File: Sendable {
    let descriptor: Int32
    let path: String
  }

  /// The last change's number, whether it is on the disk or not.
  var sequence: UInt64
  /// Nil until there is something to write.
  var file: File?
  /// The files that are there, obsolete ones included.
  var journals: Set<UInt64>
  var snapshots: Set<UInt64>
  /// How many bytes of records are behind the last snapshot, and how many of them the snapshot that is
  /// being written will cover.
  var bytes: Int
  var bytesBeforeSnapshot = 0
  var snapshotBytes: Int
  var isCompacting = false
  /// Whether there are changes that are only in memory.
  var isBehind = false
  /// When a snapshot may be tried again, in Unix time.
  var retryAt = -Double.infinity

  init(_ loaded: LedgerLoader.Result) {
    sequence = loaded.sequence
    journals = loaded.journals
    snapshots = loaded.snapshots
    bytes = loaded.journalBytes
    snapshotBytes = loaded.snapshotBytes
  }
}
