import CollectorKit
import Exposition
import HTTPTransport
import Ledger
import Logging
import Synchronization
import TestSupport

@testable import ExporterCore
@testable import Scheduling

/// One target of one vendor and its agent, which can crash, be down and have its clock moved.
final class CounterHistory {
  /// The true time, and what the agent's clocks make of it.
  final class Clock: TimeSource {
    private let state: Mutex<(now: Double, error: Double)>

    init(_ now: Double) { state = Mutex((now, 0)) }

    var now: Double { state.withLock { $0.now } }
    var unixTime: Double { state.withLock { $0.now + $0.error } }
    var uptime: Double { now }

    func move(to time: Double) { state.withLock { $0.now = time } }
    func setError(_ error: Double) { state.withLock { $0.error = error } }
    func sleep(seconds: Double) async throws { state.withLock { $0.now += seconds } }
  }

  /// The vendor, which may be failing.
  final class World: Sendable {
    let state: Mutex<(books: VendorBooks, isFailing: Bool)>

    init(_ books: VendorBooks) { state = Mutex((books, false)) }

    func answer(_ request: HTTPClientRequest, at time: Double) -> HTTPClientResponse {
      state.withLock { state in
        state.isFailing ? HTTPClientResponse(status: 500) : state.books.answer(request, at: time)
      }
    }
  }

  let clock: Clock
  let log = LogRecorder()
  private let world: World
  private let target: ExporterConfiguration.Target
  private let folder: TemporaryFolder
  private let files = MemoryFiles()
  private var agent: (loop: PollLoop, closer: DayCloser, ledger: CounterLedger)?

  /// A target that was just configured.
  ///
  /// - Parameters:
  ///   - vendor: Whose.
  ///   - zone: The target's zone: an offset for Experia, UTC for Rocket.Chat.
  ///   - clockError: Seconds by which the vendor's clock is ahead.
  ///   - start: Unix seconds.
  ///   - folder: For the lock; its files are in memory.
  /// - Throws: `ConfigurationError` where the zone is none.
  init(
    _ vendor: VendorBooks.Vendor,
    zone: String,
    clockError: Double,
    start: Double,
    folder: TemporaryFolder
  ) throws {
    clock = Clock(start)
    self.folder = folder
    let text =
      switch vendor {
      case .experia: "api_key: k, url: http://x, timezone_offset: \"\(zone)\""
      case .rocketchat:
        "user_id: u, auth_token: t, url: http://x, charts: [Total_conversations]"
      case .kore: "bot_id: b, token: t, url: http://x, timezone: \(zone)"
      }
    let configuration = try ConfigurationText.decode(
      "targets:\n  - {name: a, vendor: \(vendor.rawValue), \(text)}"
    )
    target = configuration.targets[0]
    let dayZone = (target.configured.collector as? any DayClosing)?.dayZone ?? .utc
    world = World(VendorBooks(vendor: vendor, zone: dayZone, clockError: clockError))
  }

  var books: VendorBooks { world.state.withLock { $0.books } }

  func setFailing(_ isFailing: Bool) { world.state.withLock { $0.isFailing = isFailing } }

  func add(_ count: Double, at time: Double) {
    world.state.withLock { $0.books.add(count, at: time) }
  }

  func correct(_ count: Double, at time: Double) {
    world.state.withLock { $0.books.correct(count, at: time) }
  }

  /// Starts an agent on what the disk holds.
  func start() throws {
    let storage = try LedgerStorage(
      folder: folder.path,
      files: files,
      minimumJournalBytes: 2000,
      logger: log.logger,
      now: { [clock] in clock.unixTime }
    )
    let ledger = CounterLedger(storage: storage)
    let settings = target.settings
    let budgets = BudgetRegistry(
      time: clock,
      storage: BudgetStorage(storage: storage, boot: nil, log: log.logger)
    )
    let budget = budgets.budget(
      credential: "c",
      vendor: settings.vendor,
      target: settings.name,
      limits: target.vendorLimits
    )
    let client = ScriptedHTTPClient { [world, clock] request, _ throws(TransportError) in
      world.answer(request, at: clock.now)
    }
    let store = SnapshotStore()
    store.add(settings, configured: [])
    let loop = PollLoop(
      target: ScheduledTarget(
        settings: settings,
        collector: target.configured.collector,
        budget: budget
      ),
      statistics: TargetStatistics(),
      ledger: ledger,
      store: store,
      http: client,
      time: clock,
      log: log.logger,
      random: { 0 }
    )
    guard let collector = target.configured.collector as? any DayClosing else { return }
    agent = (loop, DayCloser(loop: loop, collector: collector), ledger)
  }

  /// Kills the agent; `losing` what the disk had not confirmed.
  func crash(losing random: inout some RandomNumberGenerator) {
    agent = nil
    files.crash(using: &random)
  }

  /// Polls once, as the poll loop does.
  ///
  /// - Returns: Whether the poll succeeded.
  @discardableResult
  func poll() async throws -> Bool {
    guard let agent else { return false }
    guard try await agent.loop.poll() == nil else { return false }
    try await agent.closer.closeNext()
    return true
  }

  /// What `/metrics` would show; nil before the first observation.
  var counter: Double? {
    guard let agent else { return nil }
    return agent.ledger.families(target: "a").first?.samples.first?.value
  }

  /// Whether the clocks may disagree about the day.
  var isNearMidnight: Bool {
    books.zone.date(at: clock.now - 125) != books.zone.date(at: clock.now + 125)
  }

  /// Whether a day is over and not closed.
  var closedThrough: Int64? { agent?.ledger.closedThrough(target: "a") }
}
