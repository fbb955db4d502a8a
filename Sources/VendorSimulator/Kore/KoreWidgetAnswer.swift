import HTTPListener

/// One answer of a dashboard's widget, rows nested twice as the vendor nests them.
struct KoreWidgetAnswer {
  private static let maxFilters = 5
  private static let maxDays = 90

  let widgets: KoreWidgets
  let bot: String
  let request: HTTPRequest
  let now: Double
  let ignoresSkip: Bool

  /// The answer to `{dashboard}/widget/{widget}`, decoded, so that a name may have a slash.
  func answer(path: String) -> HTTPResponse {
    let prefix = KoreWidgets.dashboard + "/widget/"
    guard path.hasPrefix(prefix) else {
      return KoreFailure.json(400, 400, "Invalid dashboard name")
    }
    let name = String(path.dropFirst(prefix.count))
    guard KoreWidgets.names.contains(name) else {
      return KoreFailure.json(400, 400, "Invalid widget name")
    }
    guard let range = range else {
      return KoreFailure.json(400, 400, "Invalid startDate or endDate")
    }
    guard let limit = count("limit", default: KoreWidgets.maxLimit),
      let skip = count("skip", default: 0)
    else { return KoreFailure.json(400, 400, "Invalid limit or skip") }
    guard let share = filteredShare else {
      return KoreFailure.json(400, 400, "Invalid customFilters")
    }
    let rows = widgets.page(
      name,
      from: range.from,
      to: min(range.to, now),
      share: share,
      skip: ignoresSkip ? 0 : skip,
      limit: min(limit, KoreWidgets.maxLimit)
    )
    return .json(200, object(name, range: range, rows: rows))
  }

  private func object(
    _ name: String,
    range: (from: Double, to: Double),
    rows: [JSONValue]
  ) -> JSONValue {
    let (dimension, metric) = KoreWidgets.columns(name)
    let metrics: [JSONValue] = metric.map { [column($0, type: "number")] } ?? []
    var metaData = [JSONValue.Member(name: dimension, value: "string")]
    if let metric { metaData.append(JSONValue.Member(name: metric, value: "number")) }
    let select = metric.map { "\(dimension), \($0)" } ?? dimension
    return [
      "_id": "wg-00000000-0000-0000-0000-000000000000",
      "overlay": [],
      "name": .string(name),
      "type": "table",
      "sqlQuery": [
        "dataSet": name == "Inbound/Outbound" ? "Messages" : "Analytics",
        "select": .string(select),
        "startDate": .string(Timestamp.iso8601(range.from, fractionDigits: 3)),
        "endDate": .string(Timestamp.iso8601(range.to, fractionDigits: 3)),
        "botId": .string(bot),
      ],
      "dimensions": [column(dimension, type: "string")],
      "metrics": .array(metrics),
      "row": [],
      "properties": [:],
      "queryResponse": ["metaData": .object(metaData), "queryResponse": .array(rows)],
    ]
  }

  private func column(_ name: String, type: String) -> JSONValue {
    ["fieldName": .string(name), "displayName": .string(name), "type": .string(type)]
  }

  /// From the first date's start to the last date's end; an instant stands for itself.
  private var range: (from: Double, to: Double)? {
    guard let first = request.queryValues("startDate").first,
      let last = request.queryValues("endDate").first, let from = Timestamp.parse(first),
      let end = Timestamp.parse(last)
    else { return nil }
    let to = last.utf8.count == 10 ? end + 86_400 : end
    guard from <= to, to - from <= Double(KoreWidgetAnswer.maxDays) * 86_400 else { return nil }
    return (from, to)
  }

  private func count(_ name: String, default fallback: Int) -> Int? {
    guard let text = request.queryValues(name).first else { return fallback }
    guard let count = Int(text), count >= 0 else { return nil }
    return count
  }

  /// What the filters of a POST leave of the records; nil where they are malformed.
  private var filteredShare: Double? {
    guard request.method == "POST" else { return 1 }
    guard let filters = JSONValue(parsing: request.body)?["customFilters"]?.elements,
      (1...KoreWidgetAnswer.maxFilters).contains(filters.count)
    else { return nil }
    var share = 1.0
    for filter in filters {
      guard filter["filterSource"]?.text != nil, filter["fieldName"]?.text != nil,
        let values = filter["values"]?.elements, values.allSatisfy({ $0.text != nil })
      else { return nil }
      share *= min(1, 0.3 * Double(values.count))
    }
    return share
  }
}
