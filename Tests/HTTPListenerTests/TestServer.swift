import HTTPListener
import Logging
import Synchronization

/// Keeps the lines that a listener logs.
final class LogCollector: LogSink {
  private let kept = Mutex<[String]>([])

  var lines: [String] { kept.withLock { $0 } }

  func write(_ line: [UInt8]) {
    kept.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
  }
}

/// Keeps the statuses that a listener answered by itself.
final class RefusalCollector: ListenerObserver {
  private let kept = Mutex<[Int]>([])

  var statuses: [Int] { kept.withLock { $0 } }

  func refused(status: Int) {
    kept.withLock { $0.append(status) }
  }
}

/// A handler from a closure.
struct ClosureHandler: HTTPHandler {
  let closure: @Sendable (HTTPRequest) -> HTTPAnswer

  func answer(_ request: HTTPRequest) -> HTTPAnswer { closure(request) }
}

/// A running listener on a free port of the loopback interface.
struct TestServer {
  let listener: HTTPServer
  let port: UInt16
  let log = LogCollector()
  let refusals = RefusalCollector()

  init(
    limits: ListenerLimits = ListenerLimits(),
    starts: Bool = true,
    answer: @escaping @Sendable (HTTPRequest) -> HTTPAnswer = TestServer.echo
  ) throws {
    listener = try HTTPServer(
      addresses: [ListenAddress(parsing: "127.0.0.1:0")],
      limits: limits,
      handler: ClosureHandler(closure: answer),
      logger: Logger(level: .debug, format: .logfmt, sink: log),
      observer: refusals
    )
    port = listener.boundAddresses[0].port
    if starts { listener.start() }
  }

  func connect(receiveBuffer: Int32? = nil) throws -> RawClient {
    try RawClient(port: port, receiveBuffer: receiveBuffer)
  }

  /// Ends the server; clients that were refused and have not closed are cut soon.
  func stop() async {
    await listener.shutdown(deadline: .milliseconds(100))
  }

  /// Answers with the request's own line, and its body where it has one.
  static func echo(_ request: HTTPRequest) -> HTTPAnswer {
    .response(
      HTTPResponse(
        status: 200,
        fields: [("Content-Type", "text/plain")],
        body: [Array("\(request.method) \(request.path)\n".utf8), request.body]
      )
    )
  }
}
