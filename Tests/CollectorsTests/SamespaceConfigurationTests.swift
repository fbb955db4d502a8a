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
      "1:1: timezone: missing; a counter needs to know where a day begins",
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
      "a time zone that is none, though nothing here depends on a day",
      """
      api_key: k
      timezone: Asia/Calcuta
      dashboards: [{id: d1}]
      """,
      "5:11: timezone: there is no time zone \"Asia/Calcuta\" in /usr/share/zoneinfo; did you mean "
        + "\"Asia/Calcutta\" or \"Asia/Kolkata\"?"
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
      "ranges that are none",
      """
      api_key: k
      dashboards:
        - {id: d1, start_time: today, time_range: PAST_HOUR}
        - {id: d2, end_time: 2026-01-01}
        - {id: d3, start_time: 2026-02-01, end_time: 2026-01-01}
        - {id: d4, start_time: 2026-02-30, end_time: tomorrow}
      """,
      "1:1: timezone: missing; start_time and end_time need to know where a day begins",
      "6:26: dashboards[0].start_time: \"time_range\" is given as well; give only one of the two",
      "7:24: dashboards[1].end_time: needs start_time",
      "8:48: dashboards[2].end_time: is not behind start_time",
      "9:26: dashboards[3].start_time: \"2026-02-30\" is no day such as 2026-01-31, no instant such as "
        + "2026-01-31T08:00:00Z, and neither today nor yesterday",
      "9:48: dashboards[3].end_time: \"tomorrow\" is no day such as 2026-01-31, no instant such as "
        + "2026-01-31T08:00:00Z, and neither today nor yesterday"
    ),
    ConformanceIssues(
      "filters and sorting with mistakes",
      """
      api_key: k
      reports:
        - id: r1
          sort_order: 1
          filters:
            - {operation: in, values: [a]}
            - {metricId: m, operation: in}
            - {metricId: m, operation: gt, type: MEASURE, values: [a]}
            - {metricId: m, operation: gt, type: NUMBER, value: 1}
          mapping: {metric: samespace_a, help: A.}
        - {id: r2, sort_id: m, sort_order: 0, mapping: {metric: samespace_b, help: B.}}
      """,
      "7:17: reports[0].sort_order: has no effect without sort_id",
      "9:9: reports[0].filters[0].metricId: missing",
      "10:9: reports[0].filters[1].values: missing",
      "11:9: reports[0].filters[2].value: missing",
      "11:61: reports[0].filters[2].values: is for the type ATTRIBUTE; a MEASURE has value",
      #"12:44: reports[0].filters[3].type: must be "ATTRIBUTE" or "MEASURE", not "NUMBER""#,
      "14:38: reports[1].sort_order: must be 1 or -1"
    ),
    ConformanceIssues(
      "families that stand in two places",
      """
      api_key: k
      timezone: Asia/Kolkata
      dashboards:
        - id: d1
          insights:
            a: {metric: samespace_calls, help: Calls.}
            b: {mapping: {metric: samespace_calls, help: Calls.}}
            c: {mapping: {metric: samespace_teams, help: Calls.}}
            d: {metric: samespace_teams, help: Calls.}
      reports:
        - {id: r1, start_time: today, mapping: {metric: samespace_teams_total, help: C., type: counter}}
        - {id: r2, mapping: {metric: samespace_stat_value, help: A.}}
      """,
      "10:20: dashboards[0].insights.b.mapping: \"samespace_calls\" is the family of an insight already; "
        + "choose another",
      "12:19: dashboards[0].insights.d.metric: \"samespace_teams\" is made of a table's rows already; "
        + "choose another",
      "14:42: reports[0].mapping: \"samespace_teams_total\" and \"samespace_teams\" are one name in "
        + "OpenMetrics; rename one of them",
      "15:23: reports[1].mapping: \"samespace_stat_value\" is the generic family's name; choose another"
    ),
    ConformanceIssues(
      "a counter over a range that is not the day so far",
      """
      api_key: k
      timezone: Asia/Kolkata
      reports:
        - {id: r1, start_time: yesterday, mapping: {metric: samespace_a_total, help: A., type: counter}}
      """,
      "7:26: reports[0].start_time: a counter is made of a total that starts again each day: give "
        + "start_time: today alone"
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
      "a report, and insights with rows, filters and ranges of their own",
      """
      api_key: k
      timezone: Asia/Kolkata
      dashboards:
        - id: d1
          start_time: yesterday
          end_time: today
          filters: [{metricId: m, operation: nin, values: []}]
          insights:
            a: {mapping: {metric: samespace_team_calls, help: Calls., labels: {team: t}, value: n}}
            b: {time_range: PAST_HOUR, filters: [{metricId: m, operation: gt, type: MEASURE, value: 1}]}
      reports:
        - {id: r1, limit: 50, mapping: {metric: samespace_calls, help: Calls.}}
        - id: r1
          start_time: today
          sort_id: m
          sort_order: -1
          mapping: {metric: samespace_handled_total, help: Calls., type: counter}
      """
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
        + "day: the day so far is asked for, not PAST_HOUR"
    ),
    ConformanceIssues(
      "a time zone that only the vendor needs to know",
      """
      api_key: k
      timezone: Asia/Calcutta
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
