import HTTPTransport
import Testing

@testable import CollectorKit

/// A redirect may only lead to the same scheme, host and port, with the same method.
@Suite struct RedirectTests {
  struct Case: Sendable {
    let location: String?
    let target: String?
    var status = 302
    var method = "GET"
    var from = "https://api.example.com/v2/dashboard?a=b"

    init(
      _ location: String?,
      _ target: String?,
      status: Int = 302,
      method: String = "GET",
      from: String = "https://api.example.com/v2/dashboard?a=b"
    ) {
      self.location = location
      self.target = target
      self.status = status
      self.method = method
      self.from = from
    }
  }

  private static let same = "https://api.example.com/new"

  static let followed = [
    Case("/new", same), Case("/new?x=y", same + "?x=y"), Case(same, same),
    Case("HTTPS://API.EXAMPLE.COM/new", "HTTPS://API.EXAMPLE.COM/new"),
    Case("https://api.example.com", "https://api.example.com"),
    Case("https://api.example.com?x", "https://api.example.com?x"),
    Case("https://api.example.com:443/new", "https://api.example.com:443/new"),
    Case("http://h:80/new", "http://h:80/new", from: "http://h/old"),
    Case("http://h/new", "http://h/new", from: "http://h:80/old"),
    Case("/new", "http://[::1]:8080/new", from: "http://[::1]:8080/old"),
    Case("/new?u=https://evil.example", same + "?u=https://evil.example"),
    // RFC 3986, section 5.2: relative to the request's own URL.
    Case("?v=2", "https://api.example.com/v2/dashboard?v=2"),
    Case("x", "https://api.example.com/v2/x"), Case("./x", "https://api.example.com/v2/x"),
    Case("../x", "https://api.example.com/x"), Case("../../../x", "https://api.example.com/x"),
    Case("x?y#z", "https://api.example.com/v2/x?y"), Case("x/", "https://api.example.com/v2/x/"),
    Case(".", "https://api.example.com/v2/"), Case("..", "https://api.example.com/"),
    Case("./x:y", "https://api.example.com/v2/x:y"),
    Case("/a/./b/../c", "https://api.example.com/a/c"),
    Case("#f", "https://api.example.com/v2/dashboard?a=b"),
    Case("", "https://api.example.com/v2/dashboard?a=b"),
    Case("?", "https://api.example.com/v2/dashboard?"),
    Case("//api.example.com/x", "https://api.example.com/x"),
    Case("//API.example.com:443/x", "https://API.example.com:443/x"),
    Case("x", "http://h/x", from: "http://h"), Case("?q", "http://h?q", from: "http://h"),
    Case("/new?x=/../y", same + "?x=/../y"),
    Case("%2e%2e/x", "https://api.example.com/v2/%2e%2e/x"),
    Case("/new", same, status: 301), Case("/new", same, status: 303),
    Case("/new", same, status: 307), Case("/new", same, status: 308),
    Case("/new", same, status: 307, method: "POST"),
    Case("/new", same, status: 308, method: "POST"),
  ]

  static let refused = [
    // Another scheme, host or port.
    Case("http://api.example.com/new", nil), Case("https://evil.example/new", nil),
    Case("https://api.example.com:8443/new", nil),
    Case("https://api.example.com.evil.example", nil),
    Case("https://xapi.example.com/", nil), Case("https://api.example.com./new", nil),
    Case("https://api.example.com:80/new", nil), Case("https://api.example.com:/new", nil),
    Case("http://h:443/new", nil, from: "http://h/old"),
    Case("ftp://api.example.com/new", nil), Case("file:///etc/passwd", nil),
    Case("javascript:alert(1)", nil), Case("data:,x", nil), Case("https:evil.example", nil),
    Case("https:///evil.example/", nil), Case("https:/evil.example/", nil),
    // User info: what stands before the @ is no host.
    Case("https://api.example.com@evil.example/", nil),
    Case("https://api.example.com:443@evil.example/", nil),
    Case("https://user:pass@api.example.com/new", nil),
    Case("https://api.example.com%40evil.example/", nil),
    Case("//api.example.com@evil.example/", nil), Case("//user@api.example.com/", nil),
    Case("//api.example.com:8443/", nil),
    Case("x:y", nil), Case("1x:y", nil), Case(":x", nil), Case("/\\x", nil), Case("x\\y", nil),
    Case("//", nil), Case("//?x", nil), Case("https://", nil), Case("https://#", nil),
    // Protocol-relative, also in disguise.
    Case("//evil.example/new", nil), Case("///evil.example/new", nil),
    Case("/\\evil.example/new", nil), Case("\\\\evil.example\\new", nil),
    Case("\\/evil.example", nil), Case("/\t/evil.example", nil), Case(" //evil.example", nil),
    // curl takes what stands before the @ for a user, backslash and all.
    Case("https://api.example.com\\@evil.example/", nil),
    Case("https://api.example.com\\.evil.example/", nil),
    Case("https:\\\\api.example.com\\new", nil),
    Case("https://api.example.com\t@evil.example/", nil),
    Case("https://api.example.com/new\r\nX-Injected: 1", nil), Case("/new\nX: 1", nil),
    // No target at all.
    Case(nil, nil),
    // A POST that would become a GET.
    Case("/new", nil, status: 301, method: "POST"), Case("/new", nil, status: 302, method: "POST"),
    Case("/new", nil, status: 303, method: "POST"),
    // No redirects.
    Case("/new", nil, status: 200), Case("/new", nil, status: 201), Case("/new", nil, status: 300),
    Case("/new", nil, status: 304), Case("/new", nil, status: 305), Case("/new", nil, status: 404),
  ]

  @Test(arguments: followed + refused)
  func targets(_ item: Case) {
    let fields = item.location.map { [HTTPField("Location", $0)] } ?? []
    let response = HTTPClientResponse(status: item.status, fields: fields)
    let request = HTTPClientRequest(method: item.method, url: item.from)
    #expect(Redirect.target(of: response, to: request) == item.target)
  }
}
