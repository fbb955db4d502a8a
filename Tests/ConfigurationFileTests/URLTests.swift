import ConfigurationFile
import Testing

/// The base addresses of vendors.
@Suite struct URLTests {
  @Test(arguments: [
    ("https://api.experiaapp.com", "https://api.experiaapp.com"),
    ("HTTPS://API.Example.com///", "https://api.example.com"),
    ("http://localhost:8080/Proxy/experia/", "http://localhost:8080/Proxy/experia"),
    ("http://[::1]:80/a%20b", "http://[::1]:80/a%20b"),
    ("http://10.0.0.1", "http://10.0.0.1"),
    ("https://example.com./~x/@y;z=1", "https://example.com./~x/@y;z=1"),
    ("https://a_b.example", "https://a_b.example"),
  ])
  func accepted(text: String, url: String) throws {
    let root = try rootSection("a: '\(text)'")
    #expect(root.url("a", schemes: ["https", "http"]) == url)
    #expect(root.diagnostics.issues == [])
  }

  static let begin = "must be an absolute URL that begins with https:// or http://"

  @Test(arguments: [
    ("example.com", #"\#(begin), not "example.com""#),
    ("ftp://example.com", #"\#(begin), not "ftp://example.com""#),
    ("/path", #"\#(begin), not "/path""#),
    ("https:/x", #"\#(begin), not "https:/x""#),
    ("https://", #"must have a valid host name or address, not "https://""#),
    ("https:///x", #"must have a valid host name or address, not "https:///x""#),
    ("https://:80", #"must have a valid host name or address, not "https://:80""#),
    ("https://a..b", #"must have a valid host name or address, not "https://a..b""#),
    ("https://-a", #"must have a valid host name or address, not "https://-a""#),
    ("https://[::g]", #"must have a valid host name or address, not "https://[::g]""#),
    ("https://[::1", #"must have a valid host name or address, not "https://[::1""#),
    ("https://[::1]x", #"must have a valid host name or address, not "https://[::1]x""#),
    ("https://a:0", #"must have a port from 1 to 65535, or none, not "https://a:0""#),
    ("https://a:65536", #"must have a port from 1 to 65535, or none, not "https://a:65536""#),
    ("https://a:", #"must have a port from 1 to 65535, or none, not "https://a:""#),
    ("https://a:+80", #"must have a port from 1 to 65535, or none, not "https://a:+80""#),
    ("https://a b", #"must be a URL of ASCII characters without spaces, not "https://a b""#),
    (
      "https://é.example",
      #"must be a URL of ASCII characters without spaces, not "https://é.example""#
    ),
    (
      "https://a/%2",
      #"must not have other characters in its path than RFC 3986 allows, not "https://a/%2""#
    ),
    (
      "https://a/<x>",
      #"must not have other characters in its path than RFC 3986 allows, not "https://a/<x>""#
    ),
    // Nothing that could hold a credential is shown.
    ("https://a/?token=s3cr3t", "must not have a query or a fragment"),
    ("https://a#s3cr3t", "must not have a query or a fragment"),
    (
      "https://u:s3cr3t@a",
      "must not hold a user name or a password; credentials have their own keys"
    ),
    ("ftp://u:s3cr3t@a", begin),
    ("", "is empty"),
  ])
  func refused(text: String, message: String) throws {
    let root = try rootSection("a: '\(text)'")
    #expect(root.url("a", schemes: ["https", "http"]) == nil)
    #expect(root.diagnostics.errors.map(\.message) == [message])
  }
}
