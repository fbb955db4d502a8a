import CollectorKit
import ConfigurationFile
import Exposition
import HTTPTransport

/// Polls Rocket.Chat's Omnichannel charts: one request a chart and department; with `realtime` the
/// live endpoints as well.
struct RocketChatCollector: Collector {
  let configuration: RocketChatConfiguration
  let families: RocketChatFamilies
  let live: RocketChatLive
  private let paths = RocketChatPathMemory()

  /// Rocket.Chat's entry in the table of built-in collectors.
  ///
  /// The limit is the server's default: `API_Enable_Rate_Limiter_Limit_Calls_Default` 10 in
  /// `API_Enable_Rate_Limiter_Limit_Time_Default` 60000 ms. The server counts each route and client
  /// address (ApiClass.ts @b2da2544), not the user: targets of one workspace share a budget, whoever
  /// they log in as. The budget counts all routes together, so that it never sends too much.
  static let definition = VendorDefinition(
    name: "rocketchat",
    rateLimits: [RateLimit(requests: 10, window: 60)]
  ) { section, settings in
    let labels = Set(settings.labels.labels.map(\.name))
    guard let configuration = RocketChatConfiguration(section, labels: labels) else { return nil }
    do {
      // Read once, so that a file that is missing is an error of the configuration.
      _ = try configuration.userID.value()
    } catch {
      section.report("\(error)", at: section.has("user_id") ? "user_id" : "user_id_file")
      return nil
    }
    return ConfiguredCollector(
      collector: RocketChatCollector(configuration),
      credential: "rocketchat\n\(settings.server)"
    )
  }

  init(_ configuration: RocketChatConfiguration) {
    self.configuration = configuration
    families = RocketChatFamilies(configuration: configuration)
    live = RocketChatLive(configuration: configuration)
  }

  var plan: RequestPlan {
    let count = configuration.charts.count * configuration.departments.count
    return RequestPlan(
      [RequestPlan.Entry("charts and departments", requests: count)] + live.plan
    )
  }

  var configuredFamilies: [MetricFamily] { families.configuredFamilies }

  func collect(in context: CollectionContext) async throws -> PollOutcome {
    var outcome = PollOutcome()
    // A path that does not exist does not exist for the next chart either.
    var absence: CollectionError?
    for department in configuration.departments {
      // What alerts look at comes first: a poll may end early.
      if configuration.realtime { try await live.collect(department, into: &outcome, context) }
      for chart in configuration.charts {
        try await outcome.part("\(department.name)/\(chart.rawValue)") {
          do {
            if var absence {
              absence.endpoint = RocketChatCollector.endpoint(paths.first, chart, department)
              throw absence
            }
            return try await values(chart, department, context)
          } catch let error as CollectionError where error.status == 404 {
            absence = error
            throw error
          }
        }
      }
    }
    return outcome
  }

  private func values(
    _ chart: RocketChatChart,
    _ department: RocketChatConfiguration.Department,
    _ context: CollectionContext
  ) async throws -> PollOutcome.Values {
    let today = Zone.utc.date(at: context.time.unixTime)
    let yesterday = today.adding(days: -1)
    var (points, skipped) = try await points(
      chart,
      department,
      yesterday...today,
      required: today...today,
      context
    )
    // Of the averages only the current day's is used.
    if chart.isCount, !points.contains(where: { $0.label == RocketChatPointLabel(yesterday) }) {
      skipped.append("\(chart.rawValue) has no point for \(yesterday)")
    }
    return families.values(
      points,
      chart: chart,
      department: department,
      today: today,
      skipped: skipped
    )
  }

  /// Asks at the path that is known to work, and at the other one where that does not exist.
  ///
  /// - Parameters:
  ///   - chart: The chart.
  ///   - department: The department.
  ///   - days: Two days or more: a single one would be answered by hours.
  ///   - required: Those of them without which the answer is a failure, the newest included.
  ///   - context: The poll's.
  /// - Returns: The points, among them one for each required day, and what could not be read.
  /// - Throws: `CollectionError`, or `CancellationError`.
  func points(
    _ chart: RocketChatChart,
    _ department: RocketChatConfiguration.Department,
    _ days: ClosedRange<CivilDate>,
    required: ClosedRange<CivilDate>,
    _ context: CollectionContext
  ) async throws -> ([RocketChatPayload.Day], skipped: [String]) {
    let first = paths.first
    do {
      return try await points(chart, department, days, required: required, at: first, context)
    } catch let error as CollectionError where error.status == 404 {
      do {
        return try await points(
          chart,
          department,
          days,
          required: required,
          at: first.other,
          context
        )
      } catch let other as CollectionError where other.status == 404 {
        paths.remember(nil)
        throw CollectionError(
          .httpStatus,
          endpoint: error.endpoint,
          "\(error.message), and at \(first.other.rawValue) as well; check the target's url, and "
            + "that Rocket.Chat is 7.11.0 or newer",
          status: 404
        )
      }
    }
  }

  private func points(
    _ chart: RocketChatChart,
    _ department: RocketChatConfiguration.Department,
    _ days: ClosedRange<CivilDate>,
    required: ClosedRange<CivilDate>,
    at path: RocketChatRequests.Path,
    _ context: CollectionContext
  ) async throws -> ([RocketChatPayload.Day], skipped: [String]) {
    let endpoint = RocketChatCollector.endpoint(path, chart, department)
    let (from, to) = (days.lowerBound, days.upperBound)
    let response = try await context.client.send(
      "GET",
      path.rawValue
        + RocketChatRequests.query(chart, department, from: from, to: to),
      fields: try configuration.fields(endpoint: endpoint),
      endpoint: endpoint
    )
    let payload = try PayloadDecoder.decode(
      RocketChatPayload.self,
      from: response,
      endpoint: endpoint
    )
    paths.remember(path)
    let (labels, values) = try arrays(payload, response, context, endpoint)
    guard !labels.isEmpty else {
      throw CollectionError(
        .vendorError,
        endpoint: endpoint,
        "no points from \(from) to \(to): the vendor answers so where it does not know the "
          + "chart or the dates; check charts, and the agent's clock"
      )
    }
    var skipped: [String] = []
    do {
      return (try RocketChatPayload.days(labels, values, required: required, &skipped), skipped)
    } catch {
      throw CollectionError(.decode, endpoint: endpoint, error.message)
    }
  }

  private static func endpoint(
    _ path: RocketChatRequests.Path,
    _ chart: RocketChatChart,
    _ department: RocketChatConfiguration.Department
  ) -> String {
    "GET \(path.rawValue) chart=\(chart.rawValue) department=\(department.name)"
  }

  /// The labels and values of a success; everything else is a failure, whatever its status.
  private func arrays(
    _ payload: RocketChatPayload,
    _ response: HTTPClientResponse,
    _ context: CollectionContext,
    _ endpoint: String
  ) throws(CollectionError) -> ([String], [JSONNumber]) {
    if payload.success != false, let labels = payload.labels, let values = payload.values {
      guard labels.count == values.count else {
        throw CollectionError(
          .decode,
          endpoint: endpoint,
          "the answer has \(labels.count) dataLabels and \(values.count) dataPoints"
        )
      }
      return (labels, values)
    }
    throw RocketChatRefusal.error(
      success: payload.success,
      response,
      context,
      endpoint,
      missing: "the answer has no \"\(payload.labels == nil ? "dataLabels" : "dataPoints")\""
    )
  }
}
