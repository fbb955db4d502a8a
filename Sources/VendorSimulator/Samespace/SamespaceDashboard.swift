/// The simulated dashboard, with every field that the documented query asks for.
enum SamespaceDashboard {
  static let id = "64708408b289a50051bd6781"
  static let timezone = "Asia/Calcutta"

  static let json: JSONValue = [
    "id": .string(id),
    "isOwner": false,
    "owner": .null,
    "permission": [
      "accessLevel": "Public",
      "permissionLevel": "Read",
      "userPermission": "Read",
      "__typename": "PermissionAndSharing",
    ],
    "timeRange": "PAST_30_DAYS",
    "startTime": .null,
    "endTime": .null,
    "timezone": .string(timezone),
    "layouts": [
      "lg": [],
      "md": .array(SamespaceInsight.all.enumerated().map(layout)),
      "sm": .array(SamespaceInsight.all.enumerated().map(layout)),
      "xs": [],
      "xxs": [],
      "__typename": "Layouts",
    ],
    "insights": .array(SamespaceInsight.all.enumerated().map(insight)),
    "__typename": "Dashboard",
  ]

  private static func layout(_ index: Int, _ insight: SamespaceInsight) -> JSONValue {
    [
      "i": .string(insight.id), "h": 1, "w": 1, "x": .integer(index), "y": 0, "maxH": 1,
      "maxW": 1, "minH": 1, "minW": 1, "__typename": "Layout",
    ]
  }

  private static func insight(_ index: Int, _ insight: SamespaceInsight) -> JSONValue {
    [
      "id": .string(insight.id),
      "title": .string(insight.title),
      "timeRange": .string(insight.timeRange),
      "timezone": .string(timezone),
      "template": [
        "id": insight.isStat ? "5ea6951db00b8f55e69bc8be" : "5ea6951db00b8f55e69bc8bf",
        "type": insight.isStat ? "STAT" : "TABLE",
        "datasetId": "5ea1861e465b4d80736a76e2",
        "beta": .null,
        "preferences": insight.isStat ? statPreferences : tablePreferences,
        "__typename": "Template",
      ],
      "bounds": [
        "x": .integer(index), "y": 0, "w": 1, "h": 1, "__typename": "InsightBounds",
      ],
      "filters": [
        filter("5ea18e7f465b4d80736a76ee", "Team"), filter("5ea18e11465b4d80736a76eb", "Agent"),
      ],
      "__typename": "Insight",
    ]
  }

  private static let statPreferences: JSONValue = [
    "colors": .null,
    "valueFormat": "NUMBER",
    "trendType": "POSITIVE",
    "__typename": "StatTemplatePreference",
  ]

  private static let tablePreferences: JSONValue = [
    "colors": .null,
    "columns": .array([.string(SamespaceReport.team), .string(SamespaceReport.calls)]),
    "rowLinkTo": .null,
    "sortId": .string(SamespaceReport.team),
    "sortOrder": 1,
    "__typename": "TableTemplatePreference",
  ]

  private static func filter(_ metric: String, _ title: String) -> JSONValue {
    [
      "metricId": .string(metric),
      "title": .string(title),
      "type": "ATTRIBUTE",
      "operation": "nin",
      "values": [],
      "__typename": "AttributeFilter",
    ]
  }
}
