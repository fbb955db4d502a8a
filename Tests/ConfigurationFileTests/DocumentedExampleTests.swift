import ConfigurationFile
import Testing

/// The documented example, read the way the vendors read it.
@Suite struct DocumentedExampleTests {
  @Test func parsesWithoutAnIssue() throws {
    let root = try rootSection(Self.text, file: "/etc/cx/config.yaml")
    let defaults = try #require(root.section("defaults"))
    #expect(defaults.duration("interval", in: .seconds(1)...(.seconds(3600))) == .seconds(60))
    #expect(defaults.duration("timeout", in: .seconds(1)...(.seconds(60))) == .seconds(10))
    #expect(defaults.duration("stale_after", in: .zero...(.seconds(3600))) == .seconds(300))
    let month = Duration.seconds(31 * 86_400)
    #expect(defaults.duration("catch_up", in: .zero...month) == month)
    #expect(defaults.byteCount("max_response_size", in: 1...(1 << 30)) == 8 << 20)
    defaults.finish()

    let targets = try #require(root.sections("targets"))
    root.finish()
    #expect(targets.map { $0.requiredString("name") } == ["support", "voice", "chat", "bot"])
    #expect(
      targets.map { $0.url("url", schemes: ["https"])?.hasPrefix("https://") } == [
        true, true, true, true,
      ]
    )
    #expect(root.diagnostics.issues == [])
  }

  @Test func nestedValuesAreReached() throws {
    let root = try rootSection(Self.text, file: "/etc/cx/config.yaml")
    let targets = try #require(root.sections("targets"))
    let support = targets[0]
    #expect(support.path("api_key_file") == "/etc/cx/secrets/experia.key")
    #expect(support.string("timezone_offset") == "+03:00")
    #expect(support.stringMap("labels")?.map(\.value) == ["acme"])
    let goals = try #require(support.namedSections("sla"))
    #expect(goals.map(\.name) == ["response", "waiting", "service"])
    #expect(goals.map { $0.section.number("objective", in: 0...1) } == [0.9, 0.9, 0.8])
    let views = try #require(support.sections("views"))
    #expect(views[1].strings("channels") == ["wa-1"])
    #expect(views[1].string("agent_email") == "agent@example.com")

    let dashboard = try #require(targets[1].sections("dashboards")?.first)
    let insight = try #require(dashboard.namedSections("insights")?.first)
    #expect(insight.name == "6470840db289a50051bd67e6")
    #expect(insight.section.string("help") == "Answered inbound calls in the past hour.")
    let mapping = targets[1].sections("reports")?.first?.section("mapping")
    #expect(mapping?.stringMap("labels")?.map(\.value) == ["5e6f5fc04767c68072ee031d"])

    #expect(targets[2].strings("charts")?.count == 7)
    let widget = try #require(targets[3].sections("widgets")?.first)
    #expect(
      widget.duration("range", in: .seconds(86_400)...(.seconds(86_400 * 31))) == .seconds(86_400)
    )
    #expect(widget.sections("filters")?.first?.strings("values") == ["newuser"])
    #expect(root.diagnostics.issues == [])
  }
}

extension DocumentedExampleTests {
  static let text = """
    defaults:                      # each may be given per target too
      interval: 1m                 # between two polls of a target; the first polls are spread over the interval
      timeout: 10s                 # one vendor request
      stale_after: 5m              # default: 5m or three intervals, whichever is longer
      catch_up: 31d
      max_response_size: 8MiB
    targets:
      - name: support              # [a-z0-9_-]+, unique; the label target="support"
        vendor: experia
        url: https://api.experiaapp.com
        api_key_file: secrets/experia.key          # or api_key
        labels: {brand: acme}
        timezone_offset: "+03:00"
        periods: [daily]           # daily weekly monthly yearly
        sla:
          response: {threshold: 30s, objective: 0.90}
          waiting:  {threshold: 2m,  objective: 0.90}
          service:  {threshold: 1m,  objective: 0.80}
        views:                     # default: one view, "all"; each costs one request a period and poll
          - {name: all}
          - {name: whatsapp, channels: [wa-1], groups: [g-1], agent_email: agent@example.com}
        cards:
          - {card: CARDTOTALCLOSEDSESSIONS, interval: 15m}
      - name: voice
        vendor: samespace
        url: https://clusterid.samespace.com
        api_key_file: secrets/samespace.key
        timezone: Asia/Kolkata
        dashboards:
          - id: 64708408b289a50051bd6781
            time_range: PAST_HOUR  # default: each insight's own
            insights:              # optional, by insight id
              6470840db289a50051bd67e6: {metric: samespace_answered_calls, help: Answered inbound calls in the past hour.}
        reports:
          - {id: 6007d54273902f0069dc68dc, time_range: PAST_HOUR, limit: 1000, mapping: {metric: samespace_calls, help: Calls by direction., labels: {direction: 5e6f5fc04767c68072ee031d}}}
      - name: chat
        vendor: rocketchat
        url: https://chat.example.com
        user_id: rbAXPnMktTFbNpwtJ                 # or user_id_file
        auth_token_file: secrets/rocketchat.token  # or auth_token
        charts: [Total_conversations, Avg_chat_duration, Total_messages, Avg_first_response_time, Avg_reaction_time, Best_first_response_time, Avg_response_time]
        departments:               # default: one, "all"
          - {name: all}
          - {name: sales, id: 64181a0728384134ed600dcc}
        sla: {first_response: {threshold: 1m}, response: {threshold: 2m}, reaction: {threshold: 30s}}
      - name: bot
        vendor: kore
        url: https://platform.kore.ai
        bot_id: st-00000000-0000-0000-0000-000000000000
        jwt: {client_id: cs-0000, client_secret_file: secrets/kore.secret}   # minted HS256, or token / token_file: a ready JWT
        timezone: Etc/UTC
        channels: [rtm, msteams]   # default: one request for all channels
        widgets:
          - dashboard: Operations
            widget: Intents
            range: 1d              # startDate = today − range + 1 day … endDate = today
            filters: [{filterSource: userType, fieldName: user, values: [newuser]}]   # makes it a POST
            mapping: {metric: kore_intents, help: Intents by outcome today., labels: {outcome: metricType}}
    """
}
