private import Glibc

/// Resolves the paths a configuration names.
enum FilePath {
  /// The absolute path of the folder that holds `file`.
  static func folder(of file: String) -> String {
    let path = absolute(file, in: workingDirectory())
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
    return String(path[..<slash])
  }

  /// The path itself if it is absolute, else the path below `folder`.
  static func absolute(_ path: String, in folder: String) -> String {
    if path.hasPrefix("/") { return path }
    let relative = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
    return folder.hasSuffix("/") ? folder + relative : folder + "/" + relative
  }

  private static func workingDirectory() -> String {
    // With a null buffer glibc allocates what the path needs.
    guard let path = unsafe getcwd(nil, 0) else { return "." }
    defer { unsafe free(path) }
    return unsafe String(cString: path)
  }
}
