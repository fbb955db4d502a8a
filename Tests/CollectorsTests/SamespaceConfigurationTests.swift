import CollectorKit
import Testing

/// What is said of a Samespace target's keys, word for word.
@Suite struct SamespaceConfigurationTests {
  @Test(arguments: [
    ConformanceIssues(
      "nothing given",
      "",
      #"1:1: api_key: missing; give "api_key" or "api_key_file""#,
      "1:1: dashboards: missing; give dashboards, reports or both"
    ),
    ConformanceIssues(
      "empty lists",
      """
      api_key: k
      timezone: ""
      dashboards: []
      reports: []
      """,
      "5:11: timezone: is empty: leave it out for each insight's own",
      "6:13: dashboards: is empty: list a dashboard's id, or leave it out",
      "7:10: reports: is empty: list a report's id and mapping, or leave it out"
    ),
    ConformanceIssues(
      "unknown keys and an interval that is too short",
      """
      api_key: k
      time_zone: Asia/Kolkata
      discovery_interval: 0s
      dashboards:
        - {id: d1, timerange: PAST_HOUR}
      """,
      #"5:1: time_zone: unknown key; did you mean "timezone"?"#,
      #"6:21: discovery_interval: must be between 1s and 1w, not "0s""#,
      #"8:14: dashboards[0].timerange: unknown key; did you mean "time_range"?"#
    ),
    ConformanceIssues(
      "dashboards without an id, with a wrong time range, and twice",
      """
      api_key: k
      dashboards:
        - {time_range: PAST_HOUR}
        - {id: d1, time_range: past hour}
        - {id: d2, time_range: ""}
        - {id: d1}
      """,
      "6:5: dashboards[0].id: missing",
      "7:26: dashboards[1].time_range: \"past hour\" is no time range such as PAST_HOUR: capitals, "
        + "digits and \"_\"",
      "8:26: dashboards[2].time_range: \"\" is no time range such as PAST_HOUR: capitals, digits and "
        + "\"_\"",
      "9:10: dashboards[3].id: the dashboard \"d1\" stands twice; poll another time range by another "
        + "target"
    ),
    ConformanceIssues(
      "families without a name or help, with wrong names and units",
      """
      api_key: k
      dashboards:
        - id: d1
          insights:
            a: {}
            b: {metric: answered_calls, help: h}
            c: {metric: samespace_answered total, help: h}
            d: {metric: samespace_calls_total, help: h}
            e: {metric: samespace_talk_time, help: h, unit: seconds}
            f: {metric: samespace_stat_value, help: h}
            g: {metric: samespace_g, help: h, scale: 0, type: histogram}
            h: {metric: samespace_h, help: h, labels: {a: b}}
      """,
      "8:10: dashboards[0].insights.a.metric: missing",
      "8:10: dashboards[0].insights.a.help: missing",
      "9:19: dashboards[0].insights.b.metric: \"answered_calls\" must start with \"samespace_\"",
      "10:19: dashboards[0].insights.c.metric: \"samespace_answered total\" is no metric name: "
        + "letters, digits and \"_\"",
      "11:19: dashboards[0].insights.d.metric: a gauge's name does not end in _total",
      "12:55: dashboards[0].insights.e.unit: the metric's name must end in its unit, \"_seconds\"",
      "13:19: dashboards[0].insights.f.metric: \"samespace_stat_value\" is the generic family's name; "
        + "choose another",
      "14:48: dashboards[0].insights.g.scale: would make every value 0",
      #"14:57: dashboards[0].insights.g.type: must be "gauge" or "counter", not "histogram""#,
      "15:41: dashboards[0].insights.h.labels: unknown key"
    ),
    ConformanceIssues(
      "a metric with two types and two helps",
      """
      api_key: k
      timezone: Asia/Kolkata
      dashboards:
        - id: d1
          insights:
            a: {metric: samespace_calls, help: Calls.}
            b: {metric: samespace_calls, help: Calls}
        - id: d2
          insights:
            c: {metric: samespace_calls_total, help: Calls., type: counter}
            d: {metric: samespace_talk_seconds_total, help: h, type: counter, unit: seconds}
            e: {metric: samespace_talk_seconds, help: h, unit: seconds}
      """,
      "10:42: dashboards[0].insights.b.help: \"samespace_calls\" has another help at another insight; "
        + "give both the same",
      "13:19: dashboards[1].insights.c.metric: \"samespace_calls_total\" and \"samespace_calls\" are "
        + "one name in OpenMetrics; rename one of them",
      "15:19: dashboards[1].insights.e.metric: \"samespace_talk_seconds\" and "
        + "\"samespace_talk_seconds_total\" are one name in OpenMetrics; rename one of them"
    ),
    ConformanceIssues(
      "a counter without a time zone, and with a wrong name and scale",
      """
      api_key: k
      dashboards:
        - id: d1
          insights:
            a: {metric: samespace_calls, help: h, type: counter}
            b: {metric: samespace_handled_total, help: h, type: counter, scale: -1}
      """,
      "1:1: timezone: missing; an insight of type counter needs to know where a day begins",
      "8:19: dashboards[0].insights.a.metric: a counter's name ends in _total",
      "9:75: dashboards[0].insights.b.scale: a counter cannot be scaled to below 0"
    ),
    ConformanceIssues(
      "objectives without a bound, with two, with a word, of a counter, and with half a family",
      """
      api_key: k
      timezone: Asia/Kolkata
      dashboards:
        - id: d1
          insights:
            a: {objective: {}}
            b: {objective: {at_least: 1, at_most: 2}}
            c: {objective: {at_most: fast}}
            d: {metric: samespace_d_total, help: h, type: counter, objective: {at_least: 1}}
            e: {objective: {at_least: 1}, scale: 2}
      """,
      "9:22: dashboards[0].insights.a.objective.at_least: give at_least or at_most, one of the two",
      "10:33: dashboards[0].insights.b.objective.at_least: give at_least or at_most, one of the two",
      #"11:32: dashboards[0].insights.c.objective.at_most: must be a number, not "fast""#,
      "12:73: dashboards[0].insights.d.objective: a counter only rises; give it to an insight of type "
        + "gauge",
      "13:10: dashboards[0].insights.e.metric: missing",
      "13:10: dashboards[0].insights.e.help: missing"
    ),
    ConformanceIssues(
      "a counter in a time zone that is none",
      """
      api_key: k
      timezone: ../Kolkata
      dashboards:
        - id: d1
          insights:
            b: {metric: samespace_handled_total, help: h, type: counter}
      """,
      "5:11: timezone: \"../Kolkata\" is no time zone name such as Asia/Kolkata"
    ),
    ConformanceIssues(
      "reports with mistakes",
      """
      api_key: k
      reports:
        - {time_range: PAST_HOUR, limit: 0}
        - {id: r1, mapping: {metric: calls, help: h, value: v, agregate: sum}}
      """,
      "6:5: reports[0].id: missing",
      "6:5: reports[0].mapping: missing",
      #"6:36: reports[0].limit: must be between 1 and 1000000, not "0""#,
      "7:32: reports[1].mapping.metric: \"calls\" must start with \"samespace_\"",
      #"7:58: reports[1].mapping.agregate: unknown key; did you mean "aggregate"?"#
    ),
    ConformanceIssues(
      "two keys",
      """
      api_key: k
      api_key_file: /nowhere
      dashboards: [{id: d1}]
      """,
      #"5:15: api_key_file: "api_key" is given as well; give only one of the two"#
    ),
  ])
  func mistakes(_ issues: ConformanceIssues) throws {
    let (lines, isUsable) = try issues.decode(vendor: "samespace")
    #expect(lines == issues.expected)
    #expect(!isUsable)
  }

  @Test(arguments: [
    ConformanceIssues(
      "reports are not polled",
      """
      api_key: k
      reports:
        - {id: r1, limit: 50, mapping: {metric: samespace_calls, help: Calls.}}
      """,
      "6:3: reports: reports are checked but not polled by this version"
    ),
    ConformanceIssues(
      "a counter over a time range that slides",
      """
      api_key: k
      timezone: Asia/Calcutta
      dashboards:
        - id: d1
          time_range: PAST_HOUR
          insights:
            a: {metric: samespace_calls_total, help: h, type: counter}
      """,
      "10:57: dashboards[0].insights.a.type: a counter is made of a total that starts again each "
        + "day; PAST_HOUR slides"
    ),
    ConformanceIssues(
      "a time zone that only the vendor needs to know",
      """
      api_key: k
      timezone: Mars/Olympus_Mons
      discovery_interval: 10m
      dashboards:
        - {id: d1, time_range: EVERY_2_SOLS}
      """
    ),
  ])
  func doubts(_ issues: ConformanceIssues) throws {
    let (lines, isUsable) = try issues.decode(vendor: "samespace")
    #expect(lines == issues.expected)
    #expect(isUsable)
  }
}
