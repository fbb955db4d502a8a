import CLinux
import TestSupport

/// A certificate authority in a folder of its own, made by the `openssl` program.
final class TestAuthority: Sendable {
  private let temporary: TemporaryFolder
  private var folder: String { temporary.path }
  var caFile: String { folder + "/ca.pem" }

  init() throws {
    temporary = try TemporaryFolder()
    try ChildProcess.run(
      TestAuthority.request + [
        "-keyout", folder + "/ca.key", "-out", caFile, "-subj", "/CN=Test Authority",
        "-addext", "basicConstraints=critical,CA:TRUE",
      ]
    )
  }

  /// Makes `name.pem` and `name.key`, valid for those names and addresses.
  func issue(_ name: String, for subjects: String) throws {
    try ChildProcess.run(
      TestAuthority.request + [
        "-keyout", "\(folder)/\(name).key", "-out", "\(folder)/\(name).pem", "-subj", "/CN=\(name)",
        "-addext", "subjectAltName=\(subjects)", "-addext", "basicConstraints=CA:FALSE",
        "-CA", caFile, "-CAkey", folder + "/ca.key",
      ]
    )
  }

  func certificate(_ name: String) -> String { "\(folder)/\(name).pem" }
  func key(_ name: String) -> String { "\(folder)/\(name).key" }

  private static let request = [
    "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
    "-days", "2",
  ]
}

/// `openssl s_server` on a free loopback port.
struct TLSServer {
  let port: Int
  private let process: ChildProcess

  init(_ options: [String]) throws {
    process = try ChildProcess(["openssl", "s_server", "-accept", "127.0.0.1:0"] + options)
    do {
      _ = try process.waitFor("ACCEPT 127.0.0.1:")
      let text = try process.waitFor("\n")
      let line = text.split(separator: "\n").last { $0.hasPrefix("ACCEPT ") } ?? ""
      guard let port = line.split(separator: ":").last.flatMap({ Int($0) }) else {
        throw TestFailure("s_server tells no port: \(text)")
      }
      self.port = port
    } catch {
      process.end()
      throw error
    }
  }

  var url: String { "https://127.0.0.1:\(port)" }

  /// Waits on another thread until the client has written `text`, then answers.
  func answer(after text: String, _ bytes: [UInt8]) throws -> TestThread {
    let process = process
    return try TestThread {
      // Where the handshake fails the text never comes; `stop` ends the wait then.
      if (try? process.waitFor(text)) != nil { process.write(bytes) }
    }
  }

  /// Sends bytes to the client whether or not it has asked for any.
  func say(_ text: String) {
    process.write(Array(text.utf8))
  }

  /// Everything s_server printed: the client's bytes among its own remarks.
  var text: String { process.text }

  func stop() {
    process.end()
  }
}
