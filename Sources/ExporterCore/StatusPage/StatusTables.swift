import CollectorKit
import Scheduling

/// The tables: what needs attention, the targets, the request budgets.
struct StatusTables {
  let clock: PageClock

  /// The most failures that are told in full; the table of targets has them all.
  private static let toldInFull = 20
  /// The most of a vendor's words that is shown.
  private static let longestError = 400

  /// Every failing target in words: what happened, since when, what to do.
  func failures(_ targets: [TargetOverview]) -> HTML {
    let failed = targets.filter { $0.status.values.lastError != nil }
    guard !failed.isEmpty else { return .empty }
    let rest = failed.count - StatusTables.toldInFull
    let more: HTML =
      rest > 0
      ? "<p class=\"soft\">And \(Wording.count(rest, "more target")): see the table of targets.</p>"
      : .empty
    return """
      <section aria-labelledby="attention">
      <h2 id="attention">Needs attention <small>\(Wording.count(failed.count, "target"))</small></h2>
      <ul class="alerts">
      \(HTML.lines(failed.prefix(StatusTables.toldInFull).compactMap(failure)))
      </ul>
      \(more)
      </section>

      """
  }

  private func failure(_ target: TargetOverview) -> HTML? {
    guard let error = target.status.values.lastError else { return nil }
    let words = FailureWords(error.reason)
    let success = target.status.values.lastSuccess
    let since: HTML =
      success.map { "Last full success \(clock.ago($0))." } ?? "Never polled in full."
    let next =
      target.status.values.nextPoll.map { HTML(" Next poll \(clock.ahead($0)).") } ?? .empty
    let served: HTML =
      target.servedFor.map { seconds in
        " The last values are served for another \(Wording.duration(seconds))."
      } ?? " Its gauges are no longer served."
    return """
      <li><p class="name"><a href="#t-\(target.name)"><bdi>\(target.name)</bdi></a> \
      <small>\(target.status.settings.vendor)</small></p>\
      <p>\(words.whatHappened) \(words.whatToDo)</p>\
      <p class="detail"><code>\(error.reason.rawValue)</code> \
      <bdi>\(told(error))</bdi></p>\
      <p class="soft">\(since)\(served)\(next)</p></li>
      """
  }

  private func told(_ error: CollectionError) -> String {
    HTMLText.clipped("\(error.endpoint): \(error.message)", to: StatusTables.longestError)
  }

  /// Every target with its state, last success, next poll and last error.
  func targets(_ targets: [TargetOverview]) -> HTML {
    table(
      id: "targets",
      title: "Targets",
      heads: ["Target", "State", "Last success", "Next poll", "Series", "Last error"],
      rows: targets.map(row)
    )
  }

  private func row(_ target: TargetOverview) -> HTML {
    let values = target.status.values
    let name = target.name
    let next = values.nextPoll.map { clock.ahead($0) } ?? "not planned"
    let waits: HTML =
      values.backoffUntil == nil ? .empty : "<small class=\"note\">backing off</small>"
    let error: HTML =
      values.lastError.map { error in
        """
        \(FailureWords(error.reason).whatHappened)<small class="note"><code>\(error.reason.rawValue)</code> \
        <bdi>\(HTMLText.clipped(error.endpoint, to: 120))</bdi></small>
        """
      } ?? "none"
    return """
      <tr role="row" id="t-\(name)"><th role="rowheader" scope="row">\
      <a href="./probe?target=\(name)"><bdi>\(name)</bdi></a> \
      <small>\(target.status.settings.vendor)</small></th>\
      \(cell("State", target.state.mark))\
      \(cell("Last success", values.lastSuccess.map { clock.ago($0) } ?? "never"))\
      \(cell("Next poll", "\(next)\(waits)"))\
      \(cell("Series", "\(Wording.decimal(Double(target.series), places: 0))"))\
      \(cell("Last error", error))</tr>
      """
  }

  /// Every window of every budget, as a bar with the plan marked on it.
  func budgets(_ budgets: [RequestBudget]) -> HTML {
    let rows = budgets.flatMap { budget in budget.status.map { row(budget, $0) } }
    guard !rows.isEmpty else { return .empty }
    return table(
      id: "budgets",
      title: "Request budgets",
      heads: ["Budget", "Limit", "Used", "Planned", "Next request"],
      rows: rows
    )
  }

  private func row(_ budget: RequestBudget, _ window: RequestBudget.WindowStatus) -> HTML {
    let limit = window.limit.requests
    let used = max(0, limit - window.remaining)
    let plan = BudgetPlan(
      vendor: budget.vendor,
      budget: budget.name,
      limit: window.limit,
      planned: window.planned
    )
    let planned = Wording.decimal(window.planned, places: 1)
    let over: HTML =
      plan.isOver
      ? "<strong class=\"bad note\">over the limit: polled less often than configured</strong>"
      : .empty
    let free =
      window.remaining > 0 ? "now" : "in " + Wording.duration(window.resetIn.rounded(.up))
    let length = BudgetPlan.text(window.limit.window)
    return """
      <tr role="row"><th role="rowheader" scope="row"><bdi>\(budget.name)</bdi> \
      <small>\(budget.vendor)</small></th>\
      \(cell("Limit", "\(Wording.decimal(Double(limit), places: 0)) in \(length)"))\
      \(cell("Used", bar(used: used, planned: window.planned, limit: limit)))\
      \(cell("Planned", "\(planned)\(over)"))\
      \(cell("Next request", "\(free)"))</tr>
      """
  }

  private func bar(used: Int, planned: Double, limit: Int) -> HTML {
    let whole = Double(max(limit, 1))
    func share(_ number: Double) -> String {
      Wording.decimal(max(0, min(number / whole, 1)) * 100, places: 1)
    }
    let usedText = Wording.decimal(Double(used), places: 0)
    let mark = Wording.decimal(max(0, min(planned / whole, 1)) * 99, places: 1)
    let level = used >= limit ? "full" : "used"
    return """
      <svg class="bar" role="img" viewBox="0 0 100 10" preserveAspectRatio="none">\
      <title>\(usedText) of \(Wording.decimal(whole, places: 0)) used, \
      \(Wording.decimal(planned, places: 1)) planned</title>\
      <rect class="room" width="100" height="10"/>\
      <rect class="\(level)" width="\(share(Double(used)))" height="10"/>\
      <rect class="plan" x="\(mark)" width="1" height="10"/></svg> \
      <span class="share">\(usedText) <small>\(share(Double(used)))%</small></span>
      """
  }

  private func table(id: String, title: String, heads: [String], rows: [HTML]) -> HTML {
    let head = heads.reduce(HTML.empty) { html, head in
      "\(html)<th role=\"columnheader\" scope=\"col\">\(head)</th>"
    }
    return """
      <section aria-labelledby="\(id)">
      <h2 id="\(id)">\(title)</h2>
      <table role="table" aria-labelledby="\(id)">
      <thead role="rowgroup"><tr role="row">\(head)</tr></thead>
      <tbody role="rowgroup">
      \(HTML.lines(rows))
      </tbody>
      </table>
      </section>

      """
  }

  /// A cell that bears its column's name: on a phone a row becomes a list.
  private func cell(_ name: String, _ content: HTML) -> HTML {
    "<td role=\"cell\" data-name=\"\(name)\"><div>\(content)</div></td>"
  }
}

extension TargetOverview.State {
  /// The state in a word, with a sign that needs no colour.
  var mark: HTML {
    switch self {
    case .up: "<strong class=\"good\"><i aria-hidden=\"true\">✓</i> up</strong>"
    case .starting:
      "<strong class=\"wait\"><i aria-hidden=\"true\">…</i> first poll to come</strong>"
    case .failing:
      """
      <strong class="bad"><i aria-hidden="true">!</i> failing</strong><small class="note">last values \
      are served</small>
      """
    case .down: "<strong class=\"bad\"><i aria-hidden=\"true\">✕</i> down</strong>"
    }
  }
}
