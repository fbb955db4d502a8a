import CollectorKit
import Exposition
import HTTPListener
import Scheduling

/// `/`: every target's state, the service levels against their objectives, the request budgets.
///
/// Plain HTML and one style sheet of our own: whatever stands in a name or in a vendor's words is
/// escaped, and the policy would let nothing run or load besides.
struct StatusPage {
  let agent: Agent
  let telemetryPath: String

  /// The answer to a request for the page as things stand now.
  var answer: HTTPResponse {
    HTTPResponse(
      status: 200,
      fields: [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Security-Policy", "default-src 'none'; style-src 'self'"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
      ],
      body: [Array(page.utf8)]
    )
  }

  private var page: String {
    let statuses = agent.scheduler.statuses
    let up = statuses.filter(\.isUp).count
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>cx_exporter: \(up) of \(statuses.count) targets up</title>
      <link rel="stylesheet" href="\(StatusStyle.path)">
      </head>
      <body>
      <h1>cx_exporter</h1>
      <p>Version \(HTMLText.escaped(Version.number)), running for \(age(agent.started)); \
      \(up) of \(statuses.count) targets up</p>
      <nav><a href="\(HTMLText.escaped(telemetryPath))">metrics</a> · \
      <a href="/config">configuration</a> · <a href="/sd">service discovery</a> · \
      <a href="/-/healthy">health</a> · <a href="/-/ready">readiness</a></nav>
      \(targets(statuses))
      \(serviceLevels)
      \(budgets)
      </body>
      </html>

      """
  }

  private func targets(_ statuses: [TargetStatus]) -> String {
    let rows = statuses.map { status in
      let values = status.values
      let name = HTMLText.escaped(status.settings.name)
      return row([
        "<a href=\"/probe?target=\(name)\">\(name)</a>",
        HTMLText.escaped(status.settings.vendor),
        status.isUp ? mark("up", isGood: true) : mark("down", isGood: false),
        values.lastSuccess.map { age($0) + " ago" } ?? "never",
        values.nextPoll.map { ahead($0) } ?? "",
        String(agent.store.seriesCount(of: status.settings.name, at: agent.time.uptime)),
        values.lastError.map(error) ?? "",
      ])
    }
    return table(
      "Targets",
      ["Target", "Vendor", "State", "Last success", "Next poll", "Series", "Last error"],
      rows
    )
  }

  private func error(_ error: CollectionError) -> String {
    HTMLText.escaped("\(error.reason.rawValue): \(error.endpoint): \(error.message)")
  }

  /// Experia's compliance beside the objective of the same target, view and level.
  private var serviceLevels: String {
    let families = agent.store.read(at: agent.time.uptime).groups.flatMap { $0 }
    func samples(_ name: String) -> [Sample] {
      families.filter { $0.name == name }.flatMap(\.samples)
    }
    var objectives: [[String?]: Double] = [:]
    for sample in samples("experia_sla_objective_ratio") {
      objectives[["target", "view", "sla"].map { sample.labels[$0] }] = sample.value
    }
    let rows = samples("experia_sla_compliance_ratio").map { sample in
      let cells = ["target", "view", "period", "sla"].map {
        HTMLText.escaped(sample.labels[$0] ?? "")
      }
      let objective = objectives[["target", "view", "sla"].map { sample.labels[$0] }]
      let verdict = objective.map { objective in
        sample.value >= objective ? mark("kept", isGood: true) : mark("breached", isGood: false)
      }
      return row(
        cells + [percent(sample.value), objective.map(percent) ?? "", verdict ?? ""]
      )
    }
    guard !rows.isEmpty else { return "" }
    return table(
      "Service levels",
      ["Target", "View", "Period", "SLA", "Compliance", "Objective", ""],
      rows
    )
  }

  private var budgets: String {
    let rows = agent.scheduler.budgets.flatMap { budget in
      budget.status.map { window in
        let limit = window.limit.requests
        let used = limit - window.remaining
        return row([
          HTMLText.escaped(budget.name),
          HTMLText.escaped(budget.vendor),
          "\(limit) in \(BudgetPlan.text(window.limit.window))",
          "<meter min=\"0\" max=\"\(limit)\" value=\"\(used)\">\(used)</meter> \(used)",
          String((window.planned * 10).rounded() / 10),
        ])
      }
    }
    guard !rows.isEmpty else { return "" }
    return table(
      "Request budgets",
      ["Budget", "Vendor", "Limit", "Used in the window", "Planned"],
      rows
    )
  }

  private func table(_ title: String, _ heads: [String], _ rows: [String]) -> String {
    let head = heads.map { "<th scope=\"col\">\($0)</th>" }.joined()
    return """
      <h2>\(title)</h2>
      <div class="wide"><table>
      <thead><tr>\(head)</tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table></div>
      """
  }

  /// A row of cells that are HTML already.
  private func row(_ cells: [String]) -> String {
    "<tr>" + cells.map { "<td>\($0)</td>" }.joined() + "</tr>"
  }

  private func mark(_ word: String, isGood: Bool) -> String {
    "<span class=\"\(isGood ? "good" : "bad")\">\(word)</span>"
  }

  private func percent(_ ratio: Double) -> String {
    "\((ratio * 1000).rounded() / 10) %"
  }

  private func age(_ unixTime: Double) -> String {
    StatusPage.duration(agent.time.unixTime - unixTime)
  }

  private func ahead(_ unixTime: Double) -> String {
    let seconds = unixTime - agent.time.unixTime
    return seconds > 0 ? "in " + StatusPage.duration(seconds) : "now"
  }

  /// A duration for people: its two largest units.
  static func duration(_ seconds: Double) -> String {
    let whole = Int(max(0, min(seconds, 1e12)).rounded())
    let units = [(86_400, "d"), (3600, "h"), (60, "min"), (1, "s")]
    guard let first = units.firstIndex(where: { whole >= $0.0 }) else { return "0 s" }
    var rest = whole
    var words: [String] = []
    for (size, name) in units[first...].prefix(2) where rest >= size {
      words.append("\(rest / size) \(name)")
      rest %= size
    }
    return words.joined(separator: " ")
  }
}
