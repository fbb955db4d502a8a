import CollectorKit
import HTTPListener
import Ledger
import Scheduling

/// `/`: what needs attention, the service levels against their objectives, every target's state, its
/// key figures' last day and the request budgets.
///
/// Plain HTML with one inline style sheet: whatever stands in a name or in a vendor's words is
/// escaped, and the policy lets nothing run or load besides.
struct StatusPage {
  let agent: Agent
  let telemetryPath: String

  /// The answer to a request for the page as things stand now.
  func answer(_ request: HTTPRequest) -> HTTPResponse {
    let refresh = request.queryValues("refresh").first.flatMap { Int($0) }
    return HTTPResponse(
      status: 200,
      fields: [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Cache-Control", "no-store"),
        ("Content-Security-Policy", StatusStyle.policy),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
      ],
      body: [html(refresh: refresh.flatMap { StatusPage.refreshes.contains($0) ? $0 : nil }).bytes]
    )
  }

  /// How often the page may be asked to renew itself, in seconds.
  private static let refreshes = 5...3600
  /// What the page's own link asks for.
  private static let usualRefresh = 30

  private func html(refresh: Int?) -> HTML {
    let clock = PageClock(now: agent.time.unixTime)
    let uptime = agent.time.uptime
    let targets = overviews(uptime: uptime)
    let tiles = FigureTiles(clock: clock, uptime: uptime)
    let tables = StatusTables(clock: clock)
    let again: HTML =
      refresh.map { "<meta http-equiv=\"refresh\" content=\"\($0)\">\n" } ?? .empty
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      \(again)<title>\(title(targets)) – cx_exporter</title>
      <style>\(StatusStyle.element)</style>
      </head>
      <body>
      \(header(targets, clock, refresh: refresh))
      <main>
      \(notices(clock))\(tables.failures(targets))\(tiles.serviceLevels(targets))\
      \(tables.targets(targets))\(tiles.keyFigures(targets))\
      \(tables.budgets(agent.scheduler.budgets))</main>
      </body>
      </html>

      """
  }

  private func overviews(uptime: Double) -> [TargetOverview] {
    var statuses: [String: TargetStatus] = [:]
    for status in agent.scheduler.statuses { statuses[status.settings.name] = status }
    // A reload between the two readings may leave one without the other.
    return agent.scheduler.targets.compactMap { target in
      statuses[target.settings.name].map {
        TargetOverview(target, $0, agent.store, uptime: uptime)
      }
    }
  }

  /// What a tab's name or a screen across the room should say.
  private func title(_ targets: [TargetOverview]) -> String {
    let up = targets.filter { $0.state == .up }.count
    let starting = targets.filter { $0.state == .starting }.count
    let down = targets.count - up - starting
    if down > 0 { return "\(down) of \(Wording.count(targets.count, "target")) not up" }
    if targets.isEmpty { return "No targets" }
    if starting > 0 { return "\(starting) of \(Wording.count(targets.count, "target")) starting" }
    return targets.count == 1 ? "The target is up" : "All \(targets.count) targets are up"
  }

  private func mood(_ targets: [TargetOverview]) -> (style: String, sign: String) {
    if targets.contains(where: { $0.state == .down || $0.state == .failing }) {
      return ("bad", "✕")
    }
    return targets.contains { $0.state == .starting } ? ("wait", "…") : ("good", "✓")
  }

  private func header(_ targets: [TargetOverview], _ clock: PageClock, refresh: Int?) -> HTML {
    let mood = mood(targets)
    let renewal: HTML =
      refresh.map { "renewed every \($0) s (<a href=\"./\">stop</a>)" }
      ?? "<a href=\"./?refresh=\(StatusPage.usualRefresh)\">renew every \(StatusPage.usualRefresh) s</a>"
    return """
      <header>
      <div><h1>cx_exporter</h1>
      <p class="soft">Version \(Version.number), running for \
      \(Wording.duration(clock.now - agent.started))<br>\(clock.stamp), \(renewal)</p></div>
      <p class="state \(mood.style)"><i aria-hidden="true">\(mood.sign)</i> \(title(targets))</p>
      <nav aria-label="Pages"><a href=".\(telemetryPath)">metrics</a> \
      <a href="./config">configuration</a> <a href="./sd">service discovery</a> \
      <a href="./-/healthy">health</a> <a href="./-/ready">readiness</a></nav>
      </header>
      """
  }

  /// What concerns the agent itself.
  private func notices(_ clock: PageClock) -> HTML {
    var notices: [HTML] = []
    let reload = agent.reloadStatus
    if !reload.isGood {
      notices.append(
        """
        The last reload was refused: the configuration loaded \(clock.ago(reload.loaded)) is still \
        in force. The log says what is wrong with the new one.
        """
      )
    }
    if let storage = agent.storage, !storage.isDurable {
      notices.append(
        """
        The counters' folder refuses to be written: counters go on in memory and would be lost at \
        a restart. Make room, or look at the log.
        """
      )
    }
    guard !notices.isEmpty else { return .empty }
    return """
      <section aria-labelledby="agent">
      <h2 id="agent">The agent</h2>
      <ul class="alerts">
      \(HTML.lines(notices.map { "<li><p>\($0)</p></li>" }))
      </ul>
      </section>

      """
  }
}
