import CollectorKit

/// One field of the summary and the families that it becomes: a row of the metric catalogue.
struct ExperiaField: Sendable {
  /// The gauge's name.
  let gauge: String
  /// The counter's name; nil where the totals of two days do not add up.
  let counter: String?
  let vendorField: String
  private let form: ExperiaForm
  /// What it is, such as "Sessions".
  private let meaning: String
  /// Its range or unit, if the name does not say.
  private let detail: String?

  init(
    _ vendorField: String,
    _ form: ExperiaForm,
    gauge: String,
    counter: String? = nil,
    _ meaning: String,
    detail: String? = nil
  ) {
    self.vendorField = vendorField
    self.form = form
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

  /// The field's value in the gauge's unit; nil if there is none, or if it cannot be read, which is
  /// noted.
  func value(in payload: ExperiaPayload, _ skipped: inout [String]) -> Double? {
    let value = payload.value(vendorField, form, &skipped)
    if case .percent = form { return value.map(Percent.ratio) }
    return value
  }
}
