import Testing

/// One raw request, and what RFC 9110 and RFC 9112 make of it.
struct RequestCase: Sendable, CustomTestStringConvertible {
  /// What the server answers.
  enum Verdict: Sendable, Equatable {
    /// Served: method, decoded path and body, as the handler sees them.
    case served(method: String, path: String, body: String, closes: Bool)
    /// Refused with that status; the connection always closes.
    case refused(Int)
  }

  let name: String
  let raw: String
  let verdict: Verdict

  var testDescription: String { name }

  static func served(
    _ name: String,
    _ raw: String,
    _ method: String = "GET",
    _ path: String = "/",
    body: String = "",
    closes: Bool = false
  ) -> RequestCase {
    RequestCase(
      name: name,
      raw: raw,
      verdict: .served(method: method, path: path, body: body, closes: closes)
    )
  }

  static func refused(_ name: String, _ raw: String, _ status: Int) -> RequestCase {
    RequestCase(name: name, raw: raw, verdict: .refused(status))
  }

  static let all =
    plain + targets + lines + hosts + lengths + chunked + connections + versions
    + tooLong
}

private let host = "Host: x\r\n"
private let long = String(repeating: "a", count: 20_000)

extension RequestCase {
  static let plain: [RequestCase] = [
    .served("the least HTTP/1.1", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
    .served("HEAD", "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n", "HEAD"),
    .served("an unknown method", "BREW / HTTP/1.1\r\nHost: x\r\n\r\n", "BREW"),
    .served("a method in lower case is another", "get / HTTP/1.1\r\nHost: x\r\n\r\n", "get"),
    .served(
      "all token characters",
      "!#$%&'*+-.^_`|~09azAZ / HTTP/1.1\r\n\(host)\r\n",
      "!#$%&'*+-.^_`|~09azAZ"
    ),
    .served("a field without value", "GET / HTTP/1.1\r\nHost: x\r\nA:\r\n\r\n"),
    .served("white space around a value", "GET / HTTP/1.1\r\nHost:\t x \t\r\n\r\n"),
    .served("bytes from 0x80 in a value", "GET / HTTP/1.1\r\nHost: x\r\nA: é\r\n\r\n"),
    .served("an empty line first", "\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"),
    .refused("two empty lines first", "\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    .refused("garbage", "hello\r\n\r\n", 400),
    .refused("two words", "GET /\r\n\r\n", 400),
    .refused("a TLS client", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}", 400),
    .refused("a field line for a request line", "Host: x\r\n\r\n", 400),
    .refused(
      "an unknown method of 33 letters",
      "\(String(repeating: "A", count: 33)) / HTTP/1.1\r\n\(host)\r\n",
      501
    ),
  ]

  static let targets: [RequestCase] = [
    .served("a query", "GET /a?b=c&d=%26 HTTP/1.1\r\nHost: x\r\n\r\n", "GET", "/a"),
    .served("an escape", "GET /a%20b HTTP/1.1\r\nHost: x\r\n\r\n", "GET", "/a b"),
    .served("an escape is decoded once", "GET /%2541 HTTP/1.1\r\n\(host)\r\n", "GET", "/%41"),
    .served("hex digits of either case", "GET /%c3%A9 HTTP/1.1\r\n\(host)\r\n", "GET", "/é"),
    .served("a plus in a path", "GET /a+b HTTP/1.1\r\nHost: x\r\n\r\n", "GET", "/a+b"),
    .served("an absolute target", "GET http://x:80/a?b HTTP/1.1\r\nHost: x\r\n\r\n", "GET", "/a"),
    .served("an absolute target without path", "GET http://x HTTP/1.1\r\n\(host)\r\n"),
    .served("an absolute target with query only", "GET HTTP://x?q=1 HTTP/1.1\r\n\(host)\r\n"),
    .served(
      "an absolute target in IPv6",
      "GET http://[::1]:1/a HTTP/1.1\r\n\(host)\r\n",
      "GET",
      "/a"
    ),
    .served("an absolute target in https", "GET https://x/a HTTP/1.1\r\n\(host)\r\n", "GET", "/a"),
    .served("OPTIONS of a path", "OPTIONS /a HTTP/1.1\r\n\(host)\r\n", "OPTIONS", "/a"),
    .served("OPTIONS of the server", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", "OPTIONS", "*"),
    .served("OPTIONS through a proxy", "OPTIONS http://x HTTP/1.1\r\n\(host)\r\n", "OPTIONS", "*"),
    .refused("* with GET", "GET * HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    .refused("CONNECT", "CONNECT x:443 HTTP/1.1\r\nHost: x:443\r\n\r\n", 501),
    .refused("no slash", "GET a HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    .refused("another scheme", "GET ftp://x/ HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    .refused("an absolute target without host", "GET http:///a HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    .refused("user information", "GET http://u:p@x/ HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    .refused("a fragment", "GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    .refused("an escape cut short", "GET /a%2 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    .refused("an escape of other letters", "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    .refused("a bad escape in the query", "GET /?a=%+1 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    .refused("an escaped NUL", "GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    .refused("an escaped NUL in the query", "GET /?a=%00 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    .refused("a tab in the target", "GET /a\tb HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    .refused("a space in the target", "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    .refused("a byte from 0x80 in the target", "GET /é HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    .refused("an empty target", "GET  HTTP/1.1\r\nHost: x\r\n\r\n", 400),
  ]

  static let lines: [RequestCase] = [
    .refused("LF after the request line", "GET / HTTP/1.1\nHost: x\r\n\r\n", 400),
    .refused("LF after a field", "GET / HTTP/1.1\r\nHost: x\n\r\n", 400),
    .refused("LF at the end", "GET / HTTP/1.1\r\nHost: x\r\n\n", 400),
    .refused("a bare CR in the request line", "GET /\r HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    .refused("a bare CR in a value", "GET / HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n", 400),
    .refused("CR CR LF", "GET / HTTP/1.1\r\r\nHost: x\r\n\r\n", 400),
    .refused("NUL in a value", "GET / HTTP/1.1\r\nHost: x\r\nA: b\u{0}c\r\n\r\n", 400),
    .refused("a control character in a value", "GET / HTTP/1.1\r\n\(host)A: \u{1}\r\n\r\n", 400),
    .refused("DEL in a value", "GET / HTTP/1.1\r\nHost: x\r\nA: \u{7F}\r\n\r\n", 400),
    .refused("a vertical tab in a value", "GET / HTTP/1.1\r\n\(host)A: b\u{B}c\r\n\r\n", 400),
    .refused("a form feed before a target", "GET \u{C}/ HTTP/1.1\r\n\(host)\r\n", 400),
    .refused("a tab instead of a space", "GET\t/ HTTP/1.1\r\n\(host)\r\n", 400),
    .refused("white space before the colon", "GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400),
    .refused("a tab before the colon", "GET / HTTP/1.1\r\nHost\t: x\r\n\r\n", 400),
    .refused("a folded line", "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n", 400),
    .refused("a folded line with a tab", "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n\tc\r\n\r\n", 400),
    .refused("white space before the first field", "GET / HTTP/1.1\r\n Host: x\r\n\r\n", 400),
    .refused("a line without colon", "GET / HTTP/1.1\r\nHost: x\r\nabc\r\n\r\n", 400),
    .refused("a field without name", "GET / HTTP/1.1\r\nHost: x\r\n: b\r\n\r\n", 400),
    .refused("a name with a parenthesis", "GET / HTTP/1.1\r\nHost: x\r\nA(b): c\r\n\r\n", 400),
    .refused("a name from 0x80", "GET / HTTP/1.1\r\nHost: x\r\né: c\r\n\r\n", 400),
    .refused("a method with a colon", "GE:T / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    .refused("a space before the method", " GET / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    .refused("two spaces before the target", "GET  / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    .refused("two spaces before the version", "GET /  HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    .refused("a space after the version", "GET / HTTP/1.1 \r\nHost: x\r\n\r\n", 400),
  ]

  static let hosts: [RequestCase] = [
    .refused("no Host", "GET / HTTP/1.1\r\n\r\n", 400),
    .refused("two Hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n", 400),
    .refused("two Hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: x\r\nhost: y\r\n\r\n", 400),
    .refused("a Host with a space", "GET / HTTP/1.1\r\nHost: x y\r\n\r\n", 400),
    .refused("a Host with a path", "GET / HTTP/1.1\r\nHost: x/y\r\n\r\n", 400),
    .refused("a Host with user information", "GET / HTTP/1.1\r\nHost: u@x\r\n\r\n", 400),
    .refused("a Host with a bad port", "GET / HTTP/1.1\r\nHost: x:8a\r\n\r\n", 400),
    .refused("a Host with an open bracket", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400),
    // RFC 9112, section 3.2.2: a client sends Host even with an absolute target.
    .refused("an absolute target and no Host", "GET http://x/ HTTP/1.1\r\n\r\n", 400),
    .served("HTTP/1.0 without Host", "GET /a HTTP/1.0\r\n\r\n", "GET", "/a", closes: true),
    .served("an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
    .served("a Host with a port", "GET / HTTP/1.1\r\nhOST: example.com:10067\r\n\r\n"),
    .served("a Host in IPv6", "GET / HTTP/1.1\r\nHost: [::1]:10067\r\n\r\n"),
  ]

  private static func post(_ fields: String, _ body: String) -> String {
    "POST / HTTP/1.1\r\nHost: x\r\n\(fields)\r\n\(body)"
  }

  static let lengths: [RequestCase] = [
    .served("a body", post("Content-Length: 5\r\n", "hello"), "POST", body: "hello"),
    .served(
      "a body of control characters",
      post("Content-Length: 3\r\n", "\u{0}\n\r"),
      "POST",
      body: "\u{0}\n\r"
    ),
    .served("a body of nothing", post("Content-Length: 0\r\n", ""), "POST"),
    .served("no length", post("", ""), "POST"),
    .served("leading zeros", post("Content-Length: 0005\r\n", "hello"), "POST", body: "hello"),
    .served(
      "the same length twice",
      post("Content-Length: 2\r\nContent-Length: 2\r\n", "ab"),
      "POST",
      body: "ab"
    ),
    .served(
      "the same length in a list",
      post("Content-Length: 2, 2\r\n", "ab"),
      "POST",
      body: "ab"
    ),
    .served(
      "a body with GET",
      "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab",
      body: "ab"
    ),
    .refused("two lengths", post("Content-Length: 2\r\nContent-Length: 3\r\n", "abc"), 400),
    .refused("two lengths in a list", post("Content-Length: 2, 3\r\n", "abc"), 400),
    .refused("a list with a hole", post("Content-Length: 2,\r\n", "ab"), 400),
    .refused("a list that begins with a hole", post("Content-Length: ,2\r\n", "ab"), 400),
    .refused("an empty length", post("Content-Length:\r\n", ""), 400),
    .refused("a plus sign", post("Content-Length: +2\r\n", "ab"), 400),
    .refused("a minus sign", post("Content-Length: -2\r\n", "ab"), 400),
    .refused("a hexadecimal length", post("Content-Length: 0x2\r\n", "ab"), 400),
    .refused("a fraction", post("Content-Length: 2.0\r\n", "ab"), 400),
    .refused("two numbers", post("Content-Length: 2 2\r\n", "ab"), 400),
    .refused("an overflow", post("Content-Length: 18446744073709551618\r\n", "ab"), 400),
    .refused("a body too large", post("Content-Length: 65537\r\n", ""), 413),
    .refused("an unknown expectation", post("Content-Length: 1\r\nExpect: tea\r\n", "a"), 417),
  ]

  static let chunked: [RequestCase] = [
    .served(
      "chunks",
      post("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n"),
      "POST",
      body: "hello!"
    ),
    .served("no chunk", post("Transfer-Encoding: Chunked\r\n", "0\r\n\r\n"), "POST"),
    .served(
      "a chunk of line ends",
      post(
        "Transfer-Encoding: chunked\r\n",
        "4\r\n\r\n\r\n\r\n0\r\n\r\n"
      ),
      "POST",
      body: "\r\n\r\n"
    ),
    .served(
      "a hexadecimal size",
      post(
        "Transfer-Encoding: chunked\r\n",
        "00A\r\n0123456789\r\n0\r\n\r\n"
      ),
      "POST",
      body: "0123456789"
    ),
    .served(
      "chunk extensions",
      post(
        "Transfer-Encoding: chunked\r\n",
        "1;a=b\r\nx\r\n1 ;c=\"d\"\r\ny\r\n0;e\r\n\r\n"
      ),
      "POST",
      body: "xy"
    ),
    .served(
      "trailers",
      post(
        "Transfer-Encoding: chunked\r\n",
        "1\r\nx\r\n0\r\nA: b\r\nC: d\r\n\r\n"
      ),
      "POST",
      body: "x"
    ),
    .refused(
      "both framings",
      post(
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "0\r\n\r\n"
      ),
      400
    ),
    .refused(
      "both framings, the other way",
      post(
        "Transfer-Encoding: chunked\r\nContent-Length: 5"
          + "\r\n",
        "0\r\n\r\n"
      ),
      400
    ),
    .refused("an unknown coding", post("Transfer-Encoding: gzip\r\n", ""), 501),
    .refused(
      "an unknown coding below chunked",
      post("Transfer-Encoding: gzip, chunked\r\n", ""),
      501
    ),
    .refused("identity", post("Transfer-Encoding: identity\r\n", ""), 501),
    .refused("chunked below another", post("Transfer-Encoding: chunked, gzip\r\n", ""), 400),
    .refused(
      "chunked twice",
      post(
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        ""
      ),
      400
    ),
    .refused("an empty coding", post("Transfer-Encoding:\r\n", ""), 400),
    .refused("a coding that only looks right", post("Transfer-Encoding: xchunked\r\n", ""), 501),
    .refused("chunks in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
    .refused("a size that is no number", post("Transfer-Encoding: chunked\r\n", "z\r\n"), 400),
    .refused("a signed size", post("Transfer-Encoding: chunked\r\n", "+1\r\na\r\n"), 400),
    .refused("a size with 0x", post("Transfer-Encoding: chunked\r\n", "0x1\r\na\r\n"), 400),
    .refused("no size", post("Transfer-Encoding: chunked\r\n", "\r\n"), 400),
    .refused(
      "white space after a size",
      post("Transfer-Encoding: chunked\r\n", "1 \r\na\r\n"),
      400
    ),
    .refused("a huge size", post("Transfer-Encoding: chunked\r\n", "FFFFFFFFFFFFFFFFF\r\n"), 413),
    .refused(
      "a body too large in chunks",
      post(
        "Transfer-Encoding: chunked\r\n",
        "1\r\na\r\n10000\r\n"
      ),
      413
    ),
    .refused(
      "a chunk longer than its size",
      post("Transfer-Encoding: chunked\r\n", "1\r\nab\r\n"),
      400
    ),
    .refused("LF after a size", post("Transfer-Encoding: chunked\r\n", "1\na\r\n"), 400),
    .refused("LF after a chunk", post("Transfer-Encoding: chunked\r\n", "1\r\na\n"), 400),
    .served(
      "a size in small hexadecimal letters",
      post("Transfer-Encoding: chunked\r\n", "a\r\n0123456789\r\n0\r\n\r\n"),
      "POST",
      body: "0123456789"
    ),
    // RFC 9112, section 7.1: any number of zeros is the last chunk.
    .served(
      "a last chunk of many zeros",
      post("Transfer-Encoding: chunked\r\n", "1\r\nx\r\n0000\r\n\r\n"),
      "POST",
      body: "x"
    ),
    .served(
      "chunks and a length after them in the trailers",
      post("Transfer-Encoding: chunked\r\n", "1\r\nx\r\n0\r\nContent-Length: 9\r\n\r\n"),
      "POST",
      body: "x"
    ),
    // RFC 9112, section 7.1.2: trailers follow the grammar of fields.
    .refused(
      "a trailer with white space before the colon",
      post("Transfer-Encoding: chunked\r\n", "0\r\nA : b\r\n\r\n"),
      400
    ),
    .refused(
      "a folded trailer",
      post("Transfer-Encoding: chunked\r\n", "0\r\nA: b\r\n c\r\n\r\n"),
      400
    ),
    .refused(
      "NUL in a chunk extension",
      post("Transfer-Encoding: chunked\r\n", "1;a=\u{0}\r\nx\r\n0\r\n\r\n"),
      400
    ),
    .refused(
      "a bare CR in a chunk extension",
      post("Transfer-Encoding: chunked\r\n", "1;a\rb\r\nx\r\n0\r\n\r\n"),
      400
    ),
    .refused(
      "chunked with parameters",
      post("Transfer-Encoding: chunked;a=b\r\n", "0\r\n\r\n"),
      501
    ),
    .refused("a malformed trailer", post("Transfer-Encoding: chunked\r\n", "0\r\nab\r\n\r\n"), 400),
  ]

  static let connections: [RequestCase] = [
    .served("close", "GET / HTTP/1.1\r\n\(host)Connection: close\r\n\r\n", closes: true),
    .served(
      "close among others",
      "GET / HTTP/1.1\r\n\(host)Connection: TE , Close\r\n\r\n",
      closes: true
    ),
    .served(
      "close in a second field",
      "GET / HTTP/1.1\r\n\(host)Connection: a\r\nConnection: close\r\n\r\n",
      closes: true
    ),
    .served(
      "keep-alive and close",
      "GET / HTTP/1.1\r\n\(host)Connection: keep-alive, close\r\n\r\n",
      closes: true
    ),
    .served("HTTP/1.0 closes", "GET / HTTP/1.0\r\n\r\n", closes: true),
    .served("HTTP/1.0 with keep-alive", "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"),
    .served(
      "a word that only contains close",
      "GET / HTTP/1.1\r\n\(host)Connection: closed\r\n\r\n"
    ),
  ]

  static let versions: [RequestCase] = [
    .served("HTTP/1.2", "GET / HTTP/1.2\r\nHost: x\r\n\r\n"),
    .refused("HTTP/2.0", "GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505),
    .refused("the HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    .refused("HTTP/3.0", "GET / HTTP/3.0\r\n\r\n", 505),
    .refused("HTTP/2", "GET / HTTP/2\r\nHost: x\r\n\r\n", 400),
    .refused("HTTP/11.1", "GET / HTTP/11.1\r\nHost: x\r\n\r\n", 400),
    .refused("HTTP/1.10", "GET / HTTP/1.10\r\nHost: x\r\n\r\n", 400),
    .refused("http/1.1", "GET / http/1.1\r\nHost: x\r\n\r\n", 400),
    .refused("another protocol", "GET / ICY/1.1\r\nHost: x\r\n\r\n", 400),
  ]

  /// The limits are 16384 bytes for a head and half of that for the request line.
  static let tooLong: [RequestCase] = [
    .refused("a target too long", "GET /\(long) HTTP/1.1\r\n\(host)\r\n", 414),
    .refused("a target too long and no end", "GET /\(long)", 414),
    .refused("a method without end", long, 400),
    .refused("a value too long", "GET / HTTP/1.1\r\n\(host)A: \(long)\r\n\r\n", 431),
    .refused("a name without end", "GET / HTTP/1.1\r\n\(host)\(long)", 431),
    .refused(
      "too many fields",
      "GET / HTTP/1.1\r\n\(host)\(String(repeating: "A: b\r\n", count: 100))\r\n",
      431
    ),
    .refused(
      "fields too long together",
      "GET / HTTP/1.1\r\n\(host)\(String(repeating: "A: \(long.prefix(1000))\r\n", count: 17))\r\n",
      431
    ),
    .refused(
      "trailers too long",
      post("Transfer-Encoding: chunked\r\n", "0\r\nA: \(long)\r\n\r\n"),
      431
    ),
    .refused(
      "a chunk extension too long",
      post("Transfer-Encoding: chunked\r\n", "1;\(long)\r\n"),
      400
    ),
    .served(
      "a target of 8000 bytes",
      "GET /\(long.prefix(7999)) HTTP/1.1\r\n\(host)\r\n",
      "GET",
      "/\(long.prefix(7999))"
    ),
  ]
}
