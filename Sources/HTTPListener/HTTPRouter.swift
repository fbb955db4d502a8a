/// Finds the route for a request; answers 404 and 405 itself.
public struct HTTPRouter: HTTPHandler {
  /// Hears of every answer with the route's name and the status.
  public typealias Completed = @Sendable (_ handler: String, _ status: Int) -> Void

  /// The name that all paths without a route share, so that names stay few.
  public static let unknownName = "unknown"

  private struct Resource {
    var routes: [String: Route] = [:]
    var name: String
    var allow: String {
      var methods = Set(routes.keys)
      if methods.contains("GET") { methods.insert("HEAD") }
      return methods.sorted().joined(separator: ", ")
    }
  }

  private var exact: [String: Resource] = [:]
  private var prefixes: [(prefix: String, resource: Resource)] = []
  private let allMethods: String
  private let completed: Completed?

  /// A router over these routes; of two for the same path and method the later one counts.
  public init(routes: [Route], completed: Completed? = nil) {
    self.completed = completed
    var everything = Resource(name: "*")
    for route in routes {
      everything.routes[route.method] = route
      if route.path.hasSuffix("/*") {
        let prefix = String(route.path.dropLast())
        if let index = prefixes.firstIndex(where: { $0.prefix == prefix }) {
          prefixes[index].resource.routes[route.method] = route
        } else {
          let resource = Resource(routes: [route.method: route], name: route.name)
          prefixes.append((prefix, resource))
        }
      } else {
        exact[route.path, default: Resource(name: route.name)].routes[route.method] = route
      }
    }
    // The longest prefix is the most specific one.
    prefixes.sort { $0.prefix.utf8.count > $1.prefix.utf8.count }
    allMethods = everything.allow
  }

  /// The route's answer, 404 for a path without one, 405 with Allow for another method.
  public func answer(_ request: HTTPRequest) -> HTTPAnswer {
    guard let resource = resource(for: request.path) else {
      if request.path == "*" {
        let response = HTTPResponse(status: 204, fields: [("Allow", allMethods)])
        return counted(.response(response), as: HTTPRouter.unknownName)
      }
      let response = HTTPResponse.text(404, "404: there is nothing at this path")
      return counted(.response(response), as: HTTPRouter.unknownName)
    }
    let method = request.method == "HEAD" && resource.routes["HEAD"] == nil ? "GET" : request.method
    guard let route = resource.routes[method] else {
      let allow = resource.allow
      let response = HTTPResponse.text(
        405,
        "405: this path answers \(allow) only",
        fields: [("Allow", allow)]
      )
      return counted(.response(response), as: resource.name)
    }
    return counted(route.answer(request), as: route.name)
  }

  private func resource(for path: String) -> Resource? {
    if let resource = exact[path] { return resource }
    return prefixes.first { path.hasPrefix($0.prefix) }?.resource
  }

  private func counted(_ answer: HTTPAnswer, as name: String) -> HTTPAnswer {
    guard let completed else { return answer }
    switch answer {
    case .response(let response):
      completed(name, response.status)
      return answer
    case .deferred(let begin):
      return .deferred { completion in
        begin(
          HTTPCompletion { outcome in
            // An aborted answer has no status to count.
            if case .response(let response) = outcome { completed(name, response.status) }
            completion.finish(outcome)
          }
        )
      }
    }
  }
}
