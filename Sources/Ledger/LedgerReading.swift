public import Exposition
import Logging

/// What a ledger held at one moment, for those who only read it: an agent may be writing it meanwhile.
public struct LedgerReading: Sendable {
  /// How a series began.
  public struct Start: Sendable, Equatable {
    /// Unix seconds of the first poll that saw the series, when its counter was 0.
    public let time: Double
    /// The start of the oldest bucket that the first poll saw, in Unix seconds.
    public let origin: Int64
    /// What the buckets that the first poll saw had amounted to by then, which is not in the counter;
    /// nil once the oldest of them have been dropped.
    public let baseline: Double?

    /// A beginning with these facts.
    public init(time: Double, origin: Int64, baseline: Double?) {
      self.time = time
      self.origin = origin
      self.baseline = baseline
    }
  }

  private let contents: LedgerContents

  /// The ledger that a storage holds.
  public init(_ storage: LedgerStorage) {
    contents = storage.state.read()
  }

  /// Reads a folder and changes nothing in it.
  ///
  /// - Throws: `StorageError` where it cannot be read, or changes too fast.
  public init(folder path: String) throws(StorageError) {
    let files = ReadOnlyFiles()
    // An agent that compacts its journals removes files under our eyes: then the whole is read anew.
    for _ in 0..<LedgerReading.attempts {
      let before = try LedgerReading.names(path, files)
      let loader = LedgerLoader(
        folder: StorageFolder(path: path),
        files: files,
        logger: Logger(level: .error, format: .logfmt, sink: SilentSink()),
        now: 0
      )
      let loaded = try loader.load()
      if !loaded.isDamaged, try LedgerReading.names(path, files) == before {
        contents = loaded.contents
        return
      }
    }
    throw StorageError(
      "cannot read the ledger in \(path): its files are damaged or change all the time; try again"
    )
  }

  private static let attempts = 10

  private static func names(
    _ path: String,
    _ files: ReadOnlyFiles
  ) throws(StorageError) -> [String] {
    do throws(FileError) {
      return try files.list(path).filter { $0.hasPrefix("ledger-") && !$0.hasSuffix(".tmp") }
    } catch {
      throw StorageError("cannot \(error.operation) \(error.path): \(error.reason)")
    }
  }

  /// Whether anything is known about a target.
  public func knows(target: String) -> Bool { contents.targets[target] != nil }

  /// How a series began; nil where it was never seen.
  public func start(of family: String, _ labels: LabelSet, target: String) -> Start? {
    guard let target = contents.targets[target],
      let place = target.position(ofFamily: family),
      let position = target.families[place].position(of: SeriesKey(labels))
    else { return nil }
    let series = target.families[place].states[position]
    guard series.origin != .max else { return nil }
    let highest = series.open.reduce(0) { $0 + $1.highest }
    return Start(
      time: series.created,
      origin: series.origin,
      baseline: series.closedThrough == .min ? max(0, highest - series.total) : nil
    )
  }
}

/// The file system without the calls that change it.
private struct ReadOnlyFiles: StorageFiles {
  private let files = LinuxFiles()

  func create(_ path: String) throws(FileError) -> Int32 {
    throw FileError(operation: "create", path: path, code: 30)
  }

  func write(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(FileError) {
    throw FileError(operation: "write", path: path, code: 30)
  }

  func sync(_ descriptor: Int32, path: String) throws(FileError) {}
  func syncFolder(_ path: String) throws(FileError) {}
  func close(_ descriptor: Int32) {}
  // The loader clears away what a crash left behind; that is for the folder's own agent to do.
  func rename(_ path: String, to newPath: String) throws(FileError) {}
  func link(_ path: String, to newPath: String) throws(FileError) {}
  func remove(_ path: String) throws(FileError) {}

  func read(_ path: String) throws(FileError) -> [UInt8]? { try files.read(path) }
  func list(_ folder: String) throws(FileError) -> [String] { try files.list(folder) }
}

/// What the loader says of a journal that is being written is no news to anybody.
private struct SilentSink: LogSink {
  func write(_ line: [UInt8]) {}
}
