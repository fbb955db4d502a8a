import CollectorKit

/// One field of the summary and the families that it becomes: a row of the metric catalogue.
struct ExperiaField: Sendable {
  /// How the vendor writes the value.
  enum Source: Sendable {
    case number
    case percent
    case duration
    case timeOfDay
  }

  /// The gauge's name.
  let gauge: String
  /// The counter's name; nil where the totals of two days do not add up.
  let counter: String?
  private let vendorField: String
  private let source: Source
  /// What it is, such as "Sessions".
  private let meaning: String
  /// Its range or unit, where the name does not tell.
  private let detail: String?

  init(
    _ vendorField: String,
    _ source: Source,
    gauge: String,
    counter: String? = nil,
    _ meaning: String,
    detail: String? = nil
  ) {
    self.vendorField = vendorField
    self.source = source
    self.gauge = gauge
    self.counter = counter
    self.meaning = meaning
    self.detail = detail
  }

  /// The vendor's names of all fields.
  static let names = all.map(\.vendorField)

  /// Ends every HELP.
  static let cached = "; polled in the background and cached."

  /// The gauge's HELP.
  var gaugeHelp: String {
    "\(meaning) in the period\(suffix)"
  }

  /// The counter's HELP.
  var counterHelp: String {
    "\(meaning), counted across days\(suffix)"
  }

  private var suffix: String {
    (detail.map { ", \($0)" } ?? "") + " (\(vendorField))" + ExperiaField.cached
  }

  /// The field's value in the gauge's unit; nil where there is none, and noted where it cannot be
  /// read.
  func value(in payload: ExperiaPayload, _ skipped: inout [String]) -> Double? {
    switch source {
    case .number: payload.number(vendorField, &skipped)
    case .percent: payload.number(vendorField, &skipped).map(Percent.ratio)
    case .duration: payload.duration(vendorField, &skipped)
    case .timeOfDay: payload.timeOfDay(vendorField, &skipped)
    }
  }
}
