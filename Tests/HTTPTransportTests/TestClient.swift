import HTTPTransport
import Logging
import Synchronization

/// Keeps the lines of a log for a test to read.
final class CollectingSink: LogSink {
  private let lines = Mutex<[UInt8]>([])

  var text: String { String(decoding: lines.withLock { $0 }, as: UTF8.self) }

  func write(_ line: [UInt8]) {
    lines.withLock { $0 += line }
  }
}

/// A client that logs everything it can to `sink`.
func makeClient(_ sink: CollectingSink = CollectingSink()) throws -> CurlHTTPClient {
  try CurlHTTPClient(
    logger: Logger(level: .debug, format: .logfmt, sink: sink),
    userAgent: "cx_exporter/test"
  )
}

/// Sends a GET and returns the error it must end with.
func failure(
  of request: HTTPClientRequest,
  with client: CurlHTTPClient
) async throws -> TransportError {
  let answer: HTTPClientResponse
  do throws(TransportError) {
    answer = try await client.send(request)
  } catch {
    return error
  }
  throw TestFailure("answered \(answer.status) in place of an error")
}

func get(
  _ url: String,
  fields: [HTTPField] = [],
  timeout: Duration = .seconds(15),
  maxResponseSize: Int = 1 << 20,
  connection: ConnectionOptions = ConnectionOptions()
) -> HTTPClientRequest {
  HTTPClientRequest(
    method: "GET",
    url: url,
    fields: fields,
    timeout: timeout,
    maxResponseSize: maxResponseSize,
    connection: connection
  )
}
