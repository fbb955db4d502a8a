import HTTPListener

/// The status page's one style sheet: light and dark, readable on a phone, nothing from outside.
enum StatusStyle {
  /// Where it is served; the page's policy allows no other resource.
  static let path = "/-/status.css"

  /// The answer to a request for it.
  static var answer: HTTPResponse {
    HTTPResponse(
      status: 200,
      fields: [
        ("Content-Type", "text/css; charset=utf-8"), ("X-Content-Type-Options", "nosniff"),
        ("Cache-Control", "max-age=3600"),
      ],
      body: [Array(text.utf8)]
    )
  }

  private static let text = """
    :root { color-scheme: light dark; --line: #8884; --good: #1a7f37; --bad: #b3261e; --soft: #777; }
    @media (prefers-color-scheme: dark) { :root { --good: #56d364; --bad: #ff7b72; --soft: #aaa; } }
    body { font: 15px/1.5 system-ui, sans-serif; margin: 1.5rem auto; max-width: 70rem; padding: 0 1rem; }
    h1 { font-size: 1.4rem; margin: 0; }
    h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
    p, nav { color: var(--soft); margin: .2rem 0; }
    .wide { overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; }
    th, td { border-bottom: 1px solid var(--line); padding: .35rem .6rem; text-align: left; vertical-align: top; }
    th { font-weight: 600; white-space: nowrap; }
    td.number { text-align: right; font-variant-numeric: tabular-nums; }
    .good { color: var(--good); font-weight: 600; }
    .bad { color: var(--bad); font-weight: 600; }
    meter { width: 8rem; vertical-align: middle; }

    """
}
