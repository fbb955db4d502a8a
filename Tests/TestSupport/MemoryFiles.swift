package import Ledger
import Synchronization

/// A file system in memory that forgets at a crash what was not synchronised, as a disk does.
///
/// A file's bytes survive once `sync` has returned, its name once `syncFolder` has. Of what came after,
/// a crash keeps a random part: a torn tail, a name with or without its file.
package final class MemoryFiles: StorageFiles {
  private final class Node {
    var bytes: [UInt8] = []
    /// How many of them are on the disk.
    var synchronised = 0
  }

  private struct State {
    var names: [String: Node] = [:]
    var durableNames: [String: Node] = [:]
    var descriptors: [Int32: Node] = [:]
    var nextDescriptor: Int32 = 100
  }

  private let state = Mutex(State())
  private let beforeWrite = Mutex<(@Sendable (_ path: String) -> Void)?>(nil)

  package init() {}

  /// Calls a closure before each write, on the writer's thread; nil ends that.
  package func onWrite(_ body: (@Sendable (_ path: String) -> Void)?) {
    beforeWrite.withLock { $0 = body }
  }

  /// The power fails: what was not synchronised is kept in part.
  package func crash(using random: inout some RandomNumberGenerator) {
    var draws = (0..<64).map { _ in Double.random(in: 0..<1, using: &random) }
    state.withLock { state in
      func draw() -> Double {
        draws.append(draws.removeFirst())
        return draws[0]
      }
      var names = state.durableNames
      for (name, node) in state.names.sorted(by: { $0.key < $1.key })
      where names[name] !== node && draw() < 0.5 {
        names[name] = node
      }
      for name in state.durableNames.keys.sorted()
      where state.names[name] == nil && draw() < 0.5 {
        names[name] = nil
      }
      for name in names.keys.sorted() {
        guard let node = names[name] else { continue }
        let loose = node.bytes.count - node.synchronised
        let kept = node.synchronised + Int(Double(loose + 1) * draw())
        node.bytes.removeLast(node.bytes.count - min(kept, node.bytes.count))
        node.synchronised = node.bytes.count
      }
      state.names = names
      state.durableNames = names
      state.descriptors = [:]
    }
  }

  package func create(_ path: String) throws(FileError) -> Int32 {
    state.withLock { state in
      let node = Node()
      state.names[path] = node
      state.nextDescriptor += 1
      state.descriptors[state.nextDescriptor] = node
      return state.nextDescriptor
    }
  }

  package func write(
    _ bytes: [UInt8],
    to descriptor: Int32,
    path: String
  ) throws(FileError) {
    beforeWrite.withLock { $0 }?(path)
    try node(descriptor, "write", path) { $0.bytes += bytes }
  }

  package func sync(_ descriptor: Int32, path: String) throws(FileError) {
    try node(descriptor, "fdatasync", path) { $0.synchronised = $0.bytes.count }
  }

  package func syncFolder(_ path: String) throws(FileError) {
    state.withLock { $0.durableNames = $0.names }
  }

  package func close(_ descriptor: Int32) {
    state.withLock { $0.descriptors[descriptor] = nil }
  }

  package func rename(_ path: String, to newPath: String) throws(FileError) {
    let isThere = state.withLock { state in
      guard let node = state.names.removeValue(forKey: path) else { return false }
      state.names[newPath] = node
      return true
    }
    if !isThere { throw FileError(operation: "rename", path: path, code: 2) }
  }

  package func link(_ path: String, to newPath: String) throws(FileError) {
    state.withLock { $0.names[newPath] = $0.names[path] }
  }

  package func remove(_ path: String) throws(FileError) {
    state.withLock { $0.names[path] = nil }
  }

  package func read(_ path: String) throws(FileError) -> [UInt8]? {
    state.withLock { $0.names[path]?.bytes }
  }

  package func list(_ folder: String) throws(FileError) -> [String] {
    state.withLock { state in
      state.names.keys.filter { $0.hasPrefix(folder + "/") }
        .map { String($0.dropFirst(folder.utf8.count + 1)) }
        .sorted()
    }
  }

  private func node(
    _ descriptor: Int32,
    _ operation: String,
    _ path: String,
    _ body: (Node) -> Void
  ) throws(FileError) {
    let isOpen = state.withLock { state in
      guard let node = state.descriptors[descriptor] else { return false }
      body(node)
      return true
    }
    if !isOpen { throw FileError(operation: operation, path: path, code: 9) }
  }
}
