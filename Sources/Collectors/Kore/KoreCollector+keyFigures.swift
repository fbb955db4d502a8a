import CollectorKit

extension KoreCollector {
  /// The bot's users, by the hour and by the day.
  var keyFigures: [KeyFigure] {
    [
      KeyFigure(
        "Users in the last hour",
        family: "kore_engagement_last_hour_users",
        qualifiers: ["channel"]
      ),
      KeyFigure(
        "Users today",
        family: "kore_engagement_current_day_users",
        qualifiers: ["channel"]
      ),
    ]
      + (configuration.apiVersion == 2
        ? [
          KeyFigure(
            "New users today",
            family: "kore_engagement_current_day_new_users",
            qualifiers: ["channel"]
          )
        ] : [])
  }
}
