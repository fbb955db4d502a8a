import Testing

@testable import HTTPTransport

struct ProxyBypassTests {
  @Test(arguments: [
    ("", "example.com", false),
    ("*", "example.com", true),
    ("example.com", "example.com", true),
    ("Example.COM", "example.com", true),
    ("example.com", "EXAMPLE.com.", true),
    ("example.com", "api.example.com", true),
    ("example.com", "badexample.com", false),
    (".example.com", "example.com", false),
    (".example.com", "api.example.com", true),
    ("*.example.com", "api.example.com", true),
    ("*.example.com", "example.com", false),
    ("other.org,example.com", "example.com", true),
    (" other.org , example.com ", "example.com", true),
    ("example.com:443", "example.com", true),
    ("example.com:80", "example.com", false),
    ("10.0.0.1", "10.0.0.1", true),
    ("10.0.0.1:443", "10.0.0.1", true),
    ("10.0.0.1:80", "10.0.0.1", false),
    ("10.0.0.1", "10.0.0.10", false),
    ("0.0.1", "10.0.0.1", false),
    ("10.0.0.0/8", "10.255.0.1", true),
    ("10.0.0.0/8", "11.0.0.1", false),
    ("172.16.0.0/12", "172.31.255.255", true),
    ("172.16.0.0/12", "172.32.0.0", false),
    ("10.0.0.0/8", "name.example", false),
    ("0.0.0.0/0", "203.0.113.9", true),
    ("10.0.0.0/33", "10.0.0.1", false),
    ("::1", "[::1]", true),
    ("[::1]:443", "[::1]", true),
    ("[::1]:80", "[::1]", false),
    ("fd00::/8", "[fd12::1]", true),
    ("fd00::/8", "[fe80::1]", false),
  ])
  func coversHosts(_ list: String, _ host: String, _ expected: Bool) {
    #expect(ProxyBypass(list).covers(host: host, port: 443) == expected)
  }
}
