import CollectorKit
import ConfigurationFile
import HTTPTransport
import Logging
import Scheduling

/// `explore`: asks once for a table and tells what a mapping could make of it.
struct ExploreCommand: Sendable {
  private let context: CommandContext
  private let name: String
  private let query: ExploreQuery

  /// Reads the flags.
  ///
  /// - Throws: `UsageError` where the target or what to ask for is missing or given twice.
  init(_ context: CommandContext) throws(UsageError) {
    self.context = context
    let names = context.arguments.list("target")
    guard let name = names.first, names.count == 1 else {
      throw UsageError(message: "explore needs one target: --target=NAME")
    }
    self.name = name
    let queries = try ExploreCommand.queries(context.arguments)
    guard let query = queries.first, queries.count == 1 else {
      throw UsageError(
        message: "explore needs one of --dashboard=ID, --widget=DASHBOARD/WIDGET, --card=CARD and "
          + "--report=ID"
      )
    }
    self.query = query
  }

  private static func queries(
    _ arguments: CommandLineArguments
  ) throws(UsageError) -> [ExploreQuery] {
    var queries: [ExploreQuery] = []
    if arguments.isGiven("dashboard") { queries.append(.dashboard(arguments.value("dashboard"))) }
    if arguments.isGiven("widget") {
      let text = arguments.value("widget")
      let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        throw UsageError(message: "--widget=\(text) is not DASHBOARD/WIDGET")
      }
      queries.append(.widget(dashboard: parts[0], widget: parts[1]))
    }
    if arguments.isGiven("card") { queries.append(.card(arguments.value("card"))) }
    if arguments.isGiven("report") { queries.append(.report(arguments.value("report"))) }
    return queries
  }

  func run() async -> ExitStatus {
    guard let configuration = context.configuration() else { return .usage }
    guard let target = configuration.targets.first(where: { $0.settings.name == name }) else {
      let names = configuration.targets.map(\.settings.name).joined(separator: ", ")
      Terminal.complain("there is no target \"\(name)\"; there are \(names)")
      return .usage
    }
    let vendor = target.settings.vendor
    guard let collector = target.configured.collector as? any Exploring else {
      Terminal.complain("\(vendor) has no tables to explore")
      return .usage
    }
    guard let client = context.client(context.log) else { return .failure }
    defer { client.shutdown() }
    let time = SystemTime()
    let budget = BudgetRegistry(time: time).budget(
      credential: target.configured.credential,
      vendor: vendor,
      target: name,
      limits: configuration.limitsByCredential[target.configured.credential] ?? []
    )
    let polling = CollectionContext(
      client: VendorClient(
        http: client,
        gate: budget.gate(patience: 0),
        time: time,
        settings: target.settings
      ),
      time: time,
      log: context.log
    )
    do {
      guard let tables = try await collector.explore(query, in: polling) else {
        Terminal.complain(
          "\(vendor) has no \(query.flag); it has \(collector.exploreFlags.joined(separator: ", "))"
        )
        return .usage
      }
      return show(tables, polling.client)
    } catch let error as CollectionError {
      Terminal.complain(
        "target \(name): \(error.endpoint): \(polling.client.masked(error.message))"
      )
    } catch {
      Terminal.complain("target \(name): \(error)")
    }
    return .failure
  }

  private func show(_ tables: [ExploredTable], _ client: VendorClient) -> ExitStatus {
    if tables.isEmpty { Terminal.print("There are no tables.") }
    for (index, table) in tables.enumerated() {
      if index > 0 { Terminal.print("") }
      for line in ExploreReport(table).lines { Terminal.print(client.masked(line)) }
    }
    return .success
  }
}
