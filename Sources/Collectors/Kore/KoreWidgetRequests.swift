import CollectorKit
private import FoundationEssentials
import HTTPTransport

/// Builds the requests for a dashboard widget's data (vendor page, "Get Dashboard Widget Data").
struct KoreWidgetRequests: Sendable {
  /// "Number of records to fetch. Maximum is 50."
  static let limit = 50

  let botID: String
  let widget: KoreWidget

  /// GET, or POST where filters go along.
  var method: String { widget.filters.isEmpty ? "GET" : "POST" }

  /// The path without its query; each name is one segment, whatever is in it.
  var path: String {
    let names = [botID, widget.dashboard, widget.widget].map(PercentEncoding.pathSegment)
    return "/api/public/bot/\(names[0])/dashboard/\(names[1])/widget/\(names[2])"
  }

  /// The query for the days from one to another, both included, behind so many rows.
  func query(from first: CivilDate, to last: CivilDate, skip: Int) -> String {
    // Only part of the vendor's documents knows `skip`: it is left out where it says nothing.
    "?startDate=\(first)&endDate=\(last)&limit=\(KoreWidgetRequests.limit)"
      + (skip == 0 ? "" : "&skip=\(skip)")
  }

  /// The filters; nil without any.
  ///
  /// - Throws: What the encoder throws for text that is no Unicode, which no `String` is.
  func body() throws -> [UInt8]? {
    guard !widget.filters.isEmpty else { return nil }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return [UInt8](try encoder.encode(Body(customFilters: widget.filters)))
  }

  private struct Body: Encodable {
    let customFilters: [KoreWidget.Filter]
  }
}
