import Testing

@testable import HTTPTransport

struct PercentEncodingTests {
  @Test(arguments: [
    ("", ""),
    ("AZaz09-._~", "AZaz09-._~"),
    ("a/b", "a%2Fb"),
    ("a?b#c", "a%3Fb%23c"),
    ("100%", "100%25"),
    ("%2F", "%252F"),
    ("a+b c", "a%2Bb%20c"),
    ("a&b=c", "a%26b%3Dc"),
    ("!$'()*,;:@[]", "%21%24%27%28%29%2A%2C%3B%3A%40%5B%5D"),
    ("é", "%C3%A9"),
    ("日本", "%E6%97%A5%E6%9C%AC"),
    ("😀", "%F0%9F%98%80"),
    ("\r\n\u{0}\u{7F}", "%0D%0A%00%7F"),
  ])
  func encodes(_ text: String, _ expected: String) {
    #expect(PercentEncoding.pathSegment(text) == expected)
    #expect(PercentEncoding.queryValue(text) == expected)
  }
}

struct HTTPDateTests {
  /// 2026-11-21T00:00:00Z.
  static let now = 1_795_219_200.0

  @Test(arguments: [
    // The three examples of RFC 9110, section 5.6.7.
    ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
    ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
    ("Sun Nov  6 08:49:37 1994", 784_111_777),
    ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
    ("Tue, 29 Feb 2000 23:59:59 GMT", 951_868_799),
    ("Tue, 19 Jan 2038 03:14:08 GMT", 2_147_483_648),
    ("Wed Dec 31 23:59:59 1969", -1),
    // A leap second belongs to the next minute.
    ("Sat, 31 Dec 2016 23:59:60 GMT", 1_483_228_800),
    // 2076-11-20 is just within 50 years of now, 2076-11-23 is not: it means 1976.
    ("Friday, 20-Nov-76 00:00:00 GMT", 3_373_056_000),
    ("Tuesday, 23-Nov-76 00:00:00 GMT", 217_555_200),
    ("Friday, 01-Jan-99 00:00:00 GMT", 915_148_800),
  ])
  func reads(_ text: String, _ expected: Double) {
    #expect(HTTPDate.parse(text, now: HTTPDateTests.now) == expected)
  }

  @Test(arguments: [
    "", "120", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC",
    "Sun, 06 Nov 94 08:49:37 GMT", "Sun, 6 Nov 1994 08:49:37 GMT", "sun, 06 nov 1994 08:49:37 gmt",
    "Sun, 31 Nov 1994 08:49:37 GMT", "Mon, 29 Feb 1999 00:00:00 GMT",
    "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:00 GMT",
    "Sun, 06 Nov 1994 08:49:61 GMT", "Sun, 06 Nov 1994 8:49:37 GMT",
    "Sun, 00 Nov 1994 08:49:37 GMT",
    "Sun, -6 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-1994 08:49:37 GMT",
    "Sun Nov 006 08:49:37 1994",
    "Sun, 06 Foo 1994 08:49:37 GMT", "2026-11-21T00:00:00Z",
  ])
  func refuses(_ text: String) {
    #expect(HTTPDate.parse(text, now: HTTPDateTests.now) == nil)
  }
}
