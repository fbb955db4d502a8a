import HTTPListener
import Synchronization
import Testing

@Suite struct HTTPRouterTests {
  private final class Counts: Sendable {
    private let kept = Mutex<[String]>([])
    var all: [String] { kept.withLock { $0 } }
    func add(_ name: String, _ status: Int) { kept.withLock { $0.append("\(name) \(status)") } }
  }

  private func router(_ counts: Counts) -> HTTPRouter {
    HTTPRouter(
      routes: [
        Route("GET", "/metrics") { _ in .response(.text(200, "metrics")) },
        Route("GET", "/-/reload", name: "reload") { _ in .response(.text(200, "read")) },
        Route("POST", "/-/reload", name: "reload") { _ in .response(.text(202, "done")) },
        Route("POST", "/only") { _ in .response(.text(200, "post")) },
        Route("GET", "/api/*", name: "api") { .response(.text(200, $0.path)) },
        Route("GET", "/api/v1/*", name: "v1") { _ in .response(.text(200, "v1")) },
        Route("GET", "/later") { _ in .deferred { $0.send(.text(201, "later")) } },
        Route("GET", "/never") { _ in .deferred { $0.abort() } },
      ]
    ) { counts.add($0, $1) }
  }

  @Test(
    arguments: [
      ("GET", "/metrics", 200, nil, "/metrics 200"),
      ("HEAD", "/metrics", 200, nil, "/metrics 200"),
      ("POST", "/metrics", 405, "GET, HEAD", "/metrics 405"),
      ("get", "/metrics", 405, "GET, HEAD", "/metrics 405"),
      ("POST", "/-/reload", 202, nil, "reload 202"),
      ("DELETE", "/-/reload", 405, "GET, HEAD, POST", "reload 405"),
      ("GET", "/only", 405, "POST", "/only 405"),
      ("HEAD", "/only", 405, "POST", "/only 405"),
      ("GET", "/metrics/", 404, nil, "unknown 404"),
      ("GET", "/other", 404, nil, "unknown 404"),
      ("GET", "/api/a/b", 200, nil, "api 200"),
      ("GET", "/api", 404, nil, "unknown 404"),
      ("GET", "/api/v1/x", 200, nil, "v1 200"),
      ("PUT", "/api/a", 405, "GET, HEAD", "api 405"),
      ("OPTIONS", "*", 204, "GET, HEAD, POST", "unknown 204"),
    ] as [(String, String, Int, String?, String)]
  )
  func routed(method: String, path: String, status: Int, allow: String?, count: String) throws {
    let counts = Counts()
    let answer = router(counts).answer(HTTPRequest(method: method, path: path))
    guard case .response(let response) = answer else {
      Issue.record("not answered at once")
      return
    }
    #expect(response.status == status)
    #expect(response.fields.first { $0.name == "Allow" }?.value == allow)
    #expect(counts.all == [count])
  }

  @Test func deferredAnswersAreCountedWhenTheyCome() {
    let counts = Counts()
    let outcomes = Mutex<[Int]>([])
    for path in ["/later", "/never"] {
      guard
        case .deferred(let begin) = router(counts).answer(HTTPRequest(method: "GET", path: path))
      else {
        Issue.record("answered at once")
        return
      }
      #expect(counts.all.count == (path == "/later" ? 0 : 1))
      begin(
        HTTPCompletion { outcome in
          outcomes.withLock { outcomes in
            switch outcome {
            case .response(let response): outcomes.append(response.status)
            case .abort: outcomes.append(0)
            }
          }
        }
      )
    }
    #expect(counts.all == ["/later 201"])
    #expect(outcomes.withLock { $0 } == [201, 0])
  }
}
