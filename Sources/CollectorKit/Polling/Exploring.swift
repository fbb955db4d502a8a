/// What `explore` asks for.
public enum ExploreQuery: Sendable, Equatable {
  /// A dashboard's tables, by the dashboard's id or name.
  case dashboard(String)
  /// One widget of a dashboard.
  case widget(dashboard: String, widget: String)
  /// A card.
  case card(String)
  /// A report.
  case report(String)

  /// The flag that asks for it.
  public var flag: String {
    switch self {
    case .dashboard: "--dashboard"
    case .widget: "--widget"
    case .card: "--card"
    case .report: "--report"
    }
  }
}

/// A table that `explore` found.
public struct ExploredTable: Sendable {
  /// What it is, for a heading: `CARDTAGS, view all`.
  public let title: String
  /// Its rows.
  public let table: RowTable
  /// The start of a suggested family's name: `experia_tags`.
  public let metric: String
  /// The configuration's lines above `mapping:`, and how far they are indented.
  public let place: [String]

  /// A table with where its mapping belongs.
  ///
  /// - Parameters:
  ///   - title: What it is, for a heading.
  ///   - table: Its rows.
  ///   - metric: A family's name; it is made a valid one.
  ///   - place: The configuration's lines below the target that `mapping:` is written behind, with
  ///     their indentation; the mapping is indented as the last of them, without a `- `.
  public init(title: String, table: RowTable, metric: String, place: [String]) {
    self.title = title
    self.table = table
    self.metric = metric
    self.place = place
  }
}

/// A collector whose vendor has tables that a mapping can be made for.
public protocol Exploring: Collector {
  /// The queries that make sense for the vendor, as `--help` would show them: `--card=CARD`.
  var exploreFlags: [String] { get }

  /// Asks for tables once.
  ///
  /// - Returns: The tables; nil where the query is none of the vendor's.
  /// - Throws: `CollectionError`, or `CancellationError`.
  func explore(
    _ query: ExploreQuery,
    in context: CollectionContext
  ) async throws -> [ExploredTable]?
}
