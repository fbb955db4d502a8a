/// The calls that the storage makes on the file system, so that tests can make them fail.
package protocol StorageFiles: Sendable {
  /// Creates an empty file for writing; an existing one is removed first.
  func create(_ path: String) throws(FileError) -> Int32
  /// Writes all of the bytes.
  func write(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(FileError)
  /// Waits until the file's contents are on the disk.
  func sync(_ descriptor: Int32, path: String) throws(FileError)
  /// Waits until the folder's entries are on the disk.
  func syncFolder(_ path: String) throws(FileError)
  /// Closes a file that was created.
  func close(_ descriptor: Int32)
  /// Puts a file in another's place, in one step.
  func rename(_ path: String, to newPath: String) throws(FileError)
  /// Gives a file a second name.
  func link(_ path: String, to newPath: String) throws(FileError)
  /// Removes a file; one that is not there is no error.
  func remove(_ path: String) throws(FileError)
  /// The whole contents, nil where there is no such file.
  func read(_ path: String) throws(FileError) -> [UInt8]?
  /// The names in a folder.
  func list(_ folder: String) throws(FileError) -> [String]
}
