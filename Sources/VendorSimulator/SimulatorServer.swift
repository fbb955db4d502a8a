public import HTTPListener
public import Logging

/// The four vendors' endpoints on one loopback port, with a plausible day behind them.
///
/// What it answers is a pure function of the seed and the time, faults and corrections aside. It is
/// written from the vendors' documents, so it tells a client that agrees with them from one that does
/// not.
///
/// ```swift
/// let simulator = try SimulatorServer(configuration: SimulatorConfiguration(), logger: logger)
/// simulator.start()
/// // … poll simulator.baseURL …
/// await simulator.shutdown()
/// ```
public final class SimulatorServer: Sendable {
  /// What the vendors know; credentials for the clients are here.
  public let configuration: SimulatorConfiguration
  let experia: ExperiaImitation
  let samespace: SamespaceImitation
  let rocketChat: RocketChatImitation
  let kore: KoreImitation
  let corrections = Corrections()
  private let core: SimulatorCore
  private let listener: HTTPServer

  /// Binds the address; nothing is answered before ``start()``.
  ///
  /// - Throws: `ListenerError` where the address cannot be listened on.
  public init(configuration: SimulatorConfiguration, logger: Logger) throws(ListenerError) {
    self.configuration = configuration
    experia = ExperiaImitation(configuration: configuration, corrections: corrections)
    samespace = SamespaceImitation(configuration: configuration, corrections: corrections)
    rocketChat = RocketChatImitation(configuration: configuration, corrections: corrections)
    kore = KoreImitation(configuration: configuration, corrections: corrections)
    core = SimulatorCore(
      now: configuration.now,
      imitations: [
        .experia: experia, .samespace: samespace, .rocketchat: rocketChat, .kore: kore,
      ]
    )
    listener = try HTTPServer(
      addresses: [configuration.address],
      handler: core,
      logger: logger
    )
  }

  /// Starts to answer.
  public func start() {
    listener.start()
  }

  /// `http://127.0.0.1:PORT`, without a slash at the end; every vendor's paths start from it.
  public var baseURL: String {
    "http://\(listener.boundAddresses.first ?? configuration.address)"
  }

  /// Breaks a vendor until told otherwise, or for the next `times` requests; nil mends it.
  ///
  /// Requests of that vendor that hang until now are reset.
  public func setFault(_ fault: Fault?, for vendor: SimulatedVendor, times: Int? = nil) {
    core.setFault(fault, for: vendor, times: times)
  }

  /// How many requests a vendor received, refused ones included.
  public func requestCount(_ vendor: SimulatedVendor) -> Int {
    core.log.count(vendor)
  }

  /// When a vendor's requests came, oldest first, in Unix seconds; at least the last 10,000.
  public func requestTimes(_ vendor: SimulatedVendor) -> [Double] {
    core.log.recent(vendor).map(\.time)
  }

  /// A vendor's requests, oldest first; at least the last 10,000.
  public func requests(_ vendor: SimulatedVendor) -> [RecordedRequest] {
    core.log.recent(vendor)
  }

  /// Resets what hangs, lets the rest finish, and closes.
  public func shutdown() async {
    for vendor in SimulatedVendor.allCases {
      core.setFault(nil, for: vendor, times: nil)
    }
    await listener.shutdown(deadline: .seconds(2))
  }
}
