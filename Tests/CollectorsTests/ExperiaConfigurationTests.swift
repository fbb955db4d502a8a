import Testing

@testable import Collectors

/// What is said of an Experia target's keys, word for word.
@Suite struct ExperiaConfigurationTests {
  @Test(arguments: [
    ConformanceIssues(
      "no key",
      "",
      #"1:1: api_key: missing; give "api_key" or "api_key_file""#
    ),
    ConformanceIssues(
      "an empty key and an unknown one",
      """
      api_key: ""
      timezone: Asia/Riyadh
      """,
      "4:10: api_key: is empty",
      "5:1: timezone: unknown key"
    ),
    ConformanceIssues(
      "a key's file that is not there",
      "api_key_file: /nowhere/experia.key",
      #"4:15: api_key_file: the secret file "/nowhere/experia.key" cannot be read: No such file or "#
        + "directory"
    ),
    ConformanceIssues(
      "a named zone instead of an offset",
      """
      api_key: k
      timezone_offset: Asia/Riyadh
      """,
      "5:18: timezone_offset: \"Asia/Riyadh\" is no offset such as +03:00"
    ),
    ConformanceIssues(
      "an unknown period",
      """
      api_key: k
      periods: [daily, montly]
      """,
      #"5:18: periods[1]: must be "daily", "weekly", "monthly", "yearly" or a range of days such as "#
        + #""2026-01-01 to 2026-01-31", not "montly"; did you mean "monthly"?"#
    ),
    ConformanceIssues(
      "a period twice",
      """
      api_key: k
      periods: [daily, weekly, daily]
      """,
      #"5:26: periods[2]: "daily" is in the list twice"#
    ),
    ConformanceIssues(
      "periods that are the same, and ranges that are none",
      """
      api_key: k
      periods: [daily, TODAY, 2026-02-30 to 2026-03-01, 2026-02-02 to 2026-02-01, year, 2026-01-01]
      cards: [{card: CARDTAGS, period: today}]
      """,
      #"5:18: periods[1]: "TODAY" is the same as "daily""#,
      #"5:25: periods[2]: must be "daily", "weekly", "monthly", "yearly" or a range of days such as "#
        + #""2026-01-01 to 2026-01-31", not "2026-02-30 to 2026-03-01""#,
      #"5:51: periods[3]: must be "daily", "weekly", "monthly", "yearly" or a range of days such as "#
        + #""2026-01-01 to 2026-01-31", not "2026-02-02 to 2026-02-01""#,
      #"5:77: periods[4]: must be "daily", "weekly", "monthly", "yearly" or a range of days such as "#
        + #""2026-01-01 to 2026-01-31", not "year"; did you mean "YEAR"?"#,
      #"5:83: periods[5]: must be "daily", "weekly", "monthly", "yearly" or a range of days such as "#
        + #""2026-01-01 to 2026-01-31", not "2026-01-01""#,
      #"6:34: cards[0].period: must be "daily", "weekly", "monthly", "yearly" or a range of days such "#
        + #"as "2026-01-01 to 2026-01-31", not "today"; did you mean "TODAY"?"#
    ),
    ConformanceIssues(
      "empty lists",
      """
      api_key: k
      periods: []
      views: []
      """,
      "5:10: periods: is empty: leave it out for [daily]",
      "6:8: views: is empty: leave it out for one view, all"
    ),
    ConformanceIssues(
      "views without a name, twice, with an address and an unknown key",
      """
      api_key: k
      views:
        - {channels: [wa-1]}
        - {name: a, channel: wa-1}
        - {name: a}
        - {name: agent@example.com}
      """,
      "6:5: views[0].name: missing",
      #"7:15: views[1].channel: unknown key; did you mean "channels"?"#,
      "8:12: views[2].name: the view \"a\" stands twice",
      "9:12: views[3].name: would put an e-mail address into the label view"
    ),
    ConformanceIssues(
      "service levels without a threshold, out of range and unknown",
      """
      api_key: k
      sla:
        response: {objective: 90}
        waiting: {threshold: -1s}
        servic: {threshold: 1m}
      """,
      "6:13: sla.response.threshold: missing",
      #"6:25: sla.response.objective: must be between 0 and 1, not "90""#,
      #"7:24: sla.waiting.threshold: must be a duration such as 30s, 5m or 1h30m, not "-1s""#,
      #"8:3: sla.servic: unknown key; did you mean "service"?"#
    ),
    ConformanceIssues(
      "cards that are none",
      """
      api_key: k
      cards:
        - {card: CARDNPSS}
        - {interval: 15m}
        - {card: CARDNPS, interval: 8d}
      """,
      "6:12: cards[0].card: must be "
        + #""CARDTOTALSESSIONS", "CARDTOTALCLOSEDSESSIONS", "CARDTOTALTRANSFERRED", "#
        + #""CARDNEWCLIENTS", "CARDWAITINGTIME", "CARDSERVICETIME", "CARDMINSERVICETIME", "#
        + #""CARDMAXSERVICETIME", "CARDAVGRESPONSETIME", "CARDPEAKTIME", "CARDWEAKTIME", "#
        + #""CARDCSAT", "CARDFCR", "CARDNPS", "CARDTOTALMESSAGES", "CARDTOTALTIME", "CARDTAGS", "#
        + #""CARDTAGSPERCENTAGE", "CARDQUEUEREPORT", "CARDTEMPLATEUSAGE" or "#
        + #""CARDPREDEFINEDMESSAGES", not "CARDNPSS"; did you mean "CARDNPS"?"#,
      "7:5: cards[1].card: missing",
      #"8:31: cards[2].interval: must be between 1s and 1w, not "8d""#
    ),
    ConformanceIssues(
      "cards that clash",
      """
      api_key: k
      cards:
        - {card: CARDTAGS, views: [none], mapping: {metric: experia_csat_ratio, help: X.}}
        - {card: CARDTAGS, mappings: [{metric: experia_tags_used, help: X., labels: {view: a}}]}
        - {card: CARDNPS, buckets: {waiting: [1m]}, histograms: true}
        - {card: CARDTOTALCLOSEDSESSIONS, buckets: {waiting: [1m, 1m], handlin: [1m]}}
        - {card: CARDTOTALCLOSEDSESSIONS, name: second, period: daily}
        - card: CARDTOTALCLOSEDSESSIONS
          name: third
          period: weekly
          mapping: {metric: experia_a_total, help: X., type: counter}
        - card: CARDFCR
          mapping: {metric: experia_a_total, help: X., type: counter}
      """,
      #"6:5: cards[0]: "experia_csat_ratio" is among the exporter's own names"#,
      #"6:30: cards[0].views[0]: must be "all", not "none""#,
      #"7:12: cards[1].card: the card "CARDTAGS" stands twice; give one of them another name"#,
      #"7:79: cards[1].mappings[0].labels: "view" cannot be a label's name here"#,
      "8:30: cards[2].buckets: come from the daily CARDTOTALCLOSEDSESSIONS alone",
      "8:59: cards[2].histograms: come from the daily CARDTOTALCLOSEDSESSIONS alone",
      "9:56: cards[3].buckets.waiting: must be up to 50 ascending durations such as [15s, 1m, 5m]",
      #"9:66: cards[3].buckets.handlin: unknown key; did you mean "handling"?"#,
      "10:12: cards[4].card: another card gives the histograms; set histograms: false here",
      "13:13: cards[5].period: counters (experia_a_total) need the period daily",
      #"15:5: cards[6]: the family "experia_a_total" is another card's as well"#
    ),
  ])
  func mistakes(_ issues: ConformanceIssues) throws {
    let (lines, isUsable) = try issues.decode(vendor: "experia")
    #expect(lines == issues.expected)
    #expect(!isUsable)
  }

  /// Every card of the vendor's page, "Available Cards".
  @Test func everyCardIsKnown() throws {
    let names = ExperiaCard.names
    #expect(names.count == 21 && Set(names).count == 21)
    let cards = names.map { "  - {card: \($0), interval: 1h}" }.joined(separator: "\n")
    let issues = ConformanceIssues("cards", "api_key: k\ncards:\n\(cards)")
    let (lines, isUsable) = try issues.decode(vendor: "experia")
    #expect(lines.isEmpty)
    #expect(isUsable)
  }
}
