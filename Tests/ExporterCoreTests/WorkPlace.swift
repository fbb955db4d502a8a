import Glibc
import Testing

/// A folder for one test's files, removed with them at its end.
final class WorkPlace {
  let path: String

  init() throws {
    var template = [CChar]("/tmp/cx-backfill-test-XXXXXX".utf8CString)
    let made = unsafe mkdtemp(&template).map { unsafe String(cString: $0) }
    path = try #require(made)
  }

  deinit {
    for name in ["answers", "runs", "output", "backfill", "lock"] {
      unsafe unlink("\(path)/work/\(name)")
    }
    unsafe rmdir("\(path)/work")
    for name in WorkPlace.names(path) { unsafe unlink("\(path)/\(name)") }
    unsafe rmdir(path)
  }

  /// What a file holds.
  func text(_ name: String) throws -> String {
    let descriptor = unsafe open("\(path)/\(name)", O_RDONLY)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe part.withUnsafeMutableBytes {
        unsafe read(descriptor, $0.baseAddress, $0.count)
      }
      guard count > 0 else { break }
      bytes += part.prefix(count)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func names(_ folder: String) -> [String] {
    guard let stream = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
          unsafe String(cString: $0)
        }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
