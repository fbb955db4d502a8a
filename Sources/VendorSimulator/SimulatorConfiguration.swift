private import Glibc
public import HTTPListener

/// What the simulated vendors know: who may ask, how often, and what time it is.
///
/// The defaults are a working set of made-up credentials with the vendors' real limits.
public struct SimulatorConfiguration: Sendable {
  /// Where to listen; port 0 takes a free one.
  public var address = ListenAddress(host: "127.0.0.1", port: 0)
  /// The same seed, vendor and time give the same figures.
  public var seed: UInt64 = 1
  /// The time in Unix seconds.
  public var now: @Sendable () -> Double = SimulatorConfiguration.systemTime

  /// Experia's key, sent in `X-API-Key`.
  public var experiaKey = "demo-experia-key"
  /// Experia's limits, per key.
  public var experiaLimits = [RequestLimit(requests: 200, window: 3600)]
  /// The weekday on which Experia's `weekly` starts, 0 for Sunday; the vendor's documents do not
  /// say which it is.
  public var experiaWeekStart = 0
  /// Seconds after midnight for which `daily` is still yesterday, as a dashboard's cache has it.
  ///
  /// A range names its days and is not affected.
  public var experiaDailyCached = 0.0
  /// How many rows a card's answer has at most; the earliest come first.
  public var experiaCardRows = 2000

  /// Samespace's key, sent in `x-api-key`.
  public var samespaceKey = "demo-samespace-key"
  /// Samespace's limits, per key; none are documented.
  public var samespaceLimits: [RequestLimit] = []

  /// Rocket.Chat's user, sent in `X-User-Id`.
  public var rocketChatUser = "demo-user"
  /// The user's token, sent in `X-Auth-Token`.
  public var rocketChatToken = "demo-rocketchat-token"
  /// Rocket.Chat's limits, per route.
  public var rocketChatLimits = [RequestLimit(requests: 10, window: 60)]
  /// The workspace's reporting zone in minutes east of UTC.
  public var rocketChatOffsetMinutes = 0
  /// Serves only the doubled `livechat/livechat` path of the vendor's documentation.
  public var rocketChatDoubledPath = false
  /// The departments and their parts of the traffic; any other department has none.
  public var rocketChatDepartments = [
    "64181a0728384134ed600dcc": 0.4, "64181a0728384134ed600dcd": 0.25,
  ]

  /// Kore.ai's bot.
  public var koreBot = "st-00000000-0000-0000-0000-000000000000"
  /// The app's client id, the token's claim `appId`.
  public var koreClientID = "cs-0000"
  /// The app's client secret, the key of the token's HS256 signature.
  public var koreClientSecret = "demo-kore-secret"
  /// Kore.ai's limits, per bot.
  public var koreLimits = [
    RequestLimit(requests: 60, window: 60), RequestLimit(requests: 1800, window: 3600),
  ]
  /// Refuses tokens without `jti`, as the app's option "Enforce JTI" does.
  public var koreEnforcesJTI = false

  /// The defaults.
  public init() {}

  /// The system's real-time clock in Unix seconds.
  public static func systemTime() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
