import ConfigurationFile
import VendorSimulator

/// The demo's configuration: the simulator's four vendors, polled every few seconds.
enum DemoConfiguration {
  /// Seconds between two polls of a target.
  static let interval = 5

  /// The simulator's settings: the vendors' own limits would not allow a poll every five seconds.
  static var simulator: SimulatorConfiguration {
    var configuration = SimulatorConfiguration()
    configuration.experiaLimits = [RequestLimit(requests: 20_000, window: 3600)]
    configuration.rocketChatLimits = [RequestLimit(requests: 1000, window: 60)]
    configuration.koreLimits = [RequestLimit(requests: 1000, window: 60)]
    return configuration
  }

  /// The configuration as a document; the secrets are the simulator's made-up ones.
  ///
  /// - Throws: `ConfigurationError` where a credential cannot stand in YAML.
  static func document(
    baseURL: String,
    simulator: SimulatorConfiguration
  ) throws(ConfigurationError) -> ConfigurationDocument {
    try ConfigurationDocument(
      text: text(baseURL: baseURL, simulator: simulator),
      file: "demo.yaml",
      environment: [:]
    )
  }

  private static func text(baseURL: String, simulator: SimulatorConfiguration) -> String {
    // The last of the insights is the average talk time.
    let talkTime = SimulatedIdentifiers.samespaceStatInsights.last ?? ""
    let department = simulator.rocketChatDepartments.keys.sorted().first ?? ""
    return """
      defaults: {interval: \(interval)s, timeout: 5s}
      targets:
        - name: support
          vendor: experia
          url: \(baseURL)
          api_key: "\(simulator.experiaKey)"
          labels: {brand: acme}
          timezone_offset: "+03:00"
          periods: [daily, weekly]
          sla:
            response: {threshold: 30s, objective: 0.90}
            waiting: {threshold: 2m, objective: 0.90}
            service: {threshold: 1m, objective: 0.80}
          views:
            - {name: all}
            - {name: whatsapp, channels: [wa-1]}
          rate_limit: [{requests: 20000, per: 1h}]
        - name: voice
          vendor: samespace
          url: \(baseURL)
          api_key: "\(simulator.samespaceKey)"
          timezone: Asia/Kolkata
          dashboards:
            - id: "\(SimulatedIdentifiers.samespaceDashboard)"
              insights: {"\(talkTime)": {objective: {at_most: 300}}}
        - name: chat
          vendor: rocketchat
          url: \(baseURL)
          user_id: "\(simulator.rocketChatUser)"
          auth_token: "\(simulator.rocketChatToken)"
          departments:
            - {name: all}
            - {name: sales, id: "\(department)"}
          sla:
            first_response: {threshold: 1m}
            response: {threshold: 2m}
            reaction: {threshold: 30s}
          rate_limit: [{requests: 1000, per: 1m}]
        - name: bot
          vendor: kore
          url: \(baseURL)
          bot_id: "\(simulator.koreBot)"
          jwt: {client_id: "\(simulator.koreClientID)", client_secret: "\(simulator.koreClientSecret)"}
          rate_limit: [{requests: 1000, per: 1m}]
      """
  }
}
