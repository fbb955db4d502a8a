extension ExperiaField {
  /// The catalogue's rows, in its order.
  static let all = [
    ExperiaField(
      "totalSessions",
      .count,
      gauge: "experia_period_sessions",
      counter: "experia_sessions_total",
      "Sessions"
    ),
    ExperiaField(
      "totalClosedSessions",
      .count,
      gauge: "experia_period_closed_sessions",
      counter: "experia_closed_sessions_total",
      "Closed sessions"
    ),
    ExperiaField(
      "totalTransferred",
      .count,
      gauge: "experia_period_transferred_sessions",
      counter: "experia_transferred_sessions_total",
      "Transferred sessions"
    ),
    ExperiaField(
      "totalMsg",
      .count,
      gauge: "experia_period_messages",
      counter: "experia_messages_total",
      "Messages"
    ),
    ExperiaField(
      "totalTags",
      .count,
      gauge: "experia_period_tags",
      counter: "experia_tags_total",
      "Tags"
    ),
    ExperiaField(
      "totalTemplateUsage",
      .count,
      gauge: "experia_period_template_uses",
      counter: "experia_template_uses_total",
      "Template uses"
    ),
    ExperiaField(
      "totalPredefinedMessages",
      .count,
      gauge: "experia_period_predefined_messages",
      counter: "experia_predefined_messages_total",
      "Predefined messages sent"
    ),
    ExperiaField(
      "agentTotalTimeOnline",
      .duration,
      gauge: "experia_period_agent_online_seconds",
      counter: "experia_agent_online_seconds_total",
      "Time that agents were online"
    ),
    ExperiaField(
      "totalClient",
      .count,
      gauge: "experia_period_clients",
      "Distinct clients"
    ),
    ExperiaField(
      "averageWaitingTime",
      .duration,
      gauge: "experia_waiting_time_average_seconds",
      "Average waiting time"
    ),
    ExperiaField(
      "averageResponseTime",
      .duration,
      gauge: "experia_response_time_average_seconds",
      "Average response time"
    ),
    ExperiaField(
      "averageServiceTime",
      .duration,
      gauge: "experia_service_time_average_seconds",
      "Average service time"
    ),
    ExperiaField(
      "minServiceTime",
      .duration,
      gauge: "experia_service_time_min_seconds",
      "Shortest service time"
    ),
    ExperiaField(
      "maxServiceTime",
      .duration,
      gauge: "experia_service_time_max_seconds",
      "Longest service time"
    ),
    ExperiaField(
      "CSAT",
      .share,
      gauge: "experia_csat_ratio",
      "Customer satisfaction",
      detail: "0 to 1"
    ),
    ExperiaField(
      "FCR",
      .share,
      gauge: "experia_fcr_ratio",
      "First contact resolution",
      detail: "0 to 1"
    ),
    ExperiaField(
      "NPS",
      .score,
      gauge: "experia_nps_score",
      "Net promoter score",
      detail: "-100 to 100"
    ),
    ExperiaField(
      "totalTagsPercent",
      // A session may have several tags.
      .percent(atMost100: false),
      gauge: "experia_tags_ratio",
      "Tags by closed sessions",
      detail: "above 1 if sessions have several"
    ),
    ExperiaField(
      "peakTime",
      .timeOfDay,
      gauge: "experia_peak_time_of_day_seconds",
      "Busiest time of day",
      detail: "in seconds since local midnight"
    ),
    ExperiaField(
      "weakTime",
      .timeOfDay,
      gauge: "experia_weak_time_of_day_seconds",
      "Quietest time of day",
      detail: "in seconds since local midnight"
    ),
  ]
}
