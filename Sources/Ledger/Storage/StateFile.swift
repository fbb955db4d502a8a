import Logging
import Synchronization

/// A small named value in the storage folder, as a request budget: replaced as a whole, with a checksum
/// and a version.
///
/// ```swift
/// let budgets = storage.stateFile(named: "budgets", version: 1)
/// try budgets.save(bytes)
/// let bytes = try budgets.load()
/// ```
public struct StateFile: Sendable {
  /// The file's name without its ending.
  public let name: String
  /// The version of what the bytes mean.
  public let version: UInt32
  private let storage: LedgerStorage

  init(name: String, version: UInt32, storage: LedgerStorage) {
    self.name = name
    self.version = version
    self.storage = storage
  }

  private var path: String { storage.folder.state(name) }

  /// Replaces the value; it is on the disk when this returns.
  ///
  /// - Throws: `StorageError` where the disk refuses, which is counted and logged as well; the value
  ///   before is then still there.
  public func save(_ bytes: [UInt8]) throws(StorageError) {
    let header = FileHeader(version: version, number: 0).encoded(as: .state)
    let contents = header + RecordFrame.encoded(bytes, sequence: 0)
    do throws(FileError) {
      try storage.stateFiles.withLock { _ throws(FileError) in try replace(with: contents) }
    } catch {
      let consequence = "\(name) keeps its stored value"
      storage.faults.report(error, consequence, at: storage.now())
      throw StorageError("cannot \(error.operation) \(error.path): \(error.reason); \(consequence)")
    }
  }

  /// The value that was saved last; nil where there is none or it is damaged, which is logged.
  ///
  /// - Throws: `StorageError` where the file cannot be read or a newer agent wrote it.
  public func load() throws(StorageError) -> [UInt8]? {
    let contents: [UInt8]?
    do throws(FileError) {
      contents = try storage.files.read(path)
    } catch {
      throw StorageError("cannot \(error.operation) \(error.path): \(error.reason)")
    }
    guard let contents else { return nil }
    if let header = FileHeader(contents, kind: .state) {
      guard header.version <= version else {
        throw StorageError(
          "\(path) has version \(header.version) and this agent knows versions up to \(version): "
            + "run the newer agent that wrote it, or remove the file"
        )
      }
      if case .record(0, let payload) = RecordFrame.next(in: contents, at: FileHeader.size),
        payload.upperBound == contents.count, header.version == version
      {
        return [UInt8](contents[payload])
      }
    }
    let newPath = storage.folder.damaged(path, at: storage.now())
    do throws(FileError) {
      try storage.files.rename(path, to: newPath)
    } catch {
      throw StorageError("cannot \(error.operation) \(error.path): \(error.reason)")
    }
    storage.logger.error("state file is damaged and was set aside", [("file", newPath)])
    return nil
  }

  /// Removes the value; one that is not there is no error.
  ///
  /// - Throws: `StorageError` where the disk refuses.
  public func remove() throws(StorageError) {
    do throws(FileError) {
      try storage.stateFiles.withLock { _ throws(FileError) in try storage.files.remove(path) }
    } catch {
      throw StorageError("cannot \(error.operation) \(error.path): \(error.reason)")
    }
  }

  private func replace(with contents: [UInt8]) throws(FileError) {
    let files = storage.files
    let temporary = storage.folder.temporary(path)
    let descriptor = try files.create(temporary)
    defer { files.close(descriptor) }
    try files.write(contents, to: descriptor, path: temporary)
    try files.sync(descriptor, path: temporary)
    try files.rename(temporary, to: path)
    try files.syncFolder(storage.folder.path)
  }
}

extension LedgerStorage {
  /// A small value beside the ledger.
  ///
  /// - Parameters:
  ///   - name: Its file's name without an ending; letters, digits and hyphens.
  ///   - version: The version of what the bytes mean; a file with a higher one is refused, one with a
  ///     lower one is set aside.
  /// - Returns: The means to load and save it.
  public func stateFile(named name: String, version: UInt32) -> StateFile {
    StateFile(name: name, version: version, storage: self)
  }

  /// The names of the small values that are there.
  ///
  /// - Throws: `StorageError` where the folder cannot be read.
  public func stateNames() throws(StorageError) -> [String] {
    do throws(FileError) {
      return try files.list(folder.path).compactMap(StorageFolder.stateName)
    } catch {
      throw StorageError("cannot \(error.operation) \(error.path): \(error.reason)")
    }
  }
}
