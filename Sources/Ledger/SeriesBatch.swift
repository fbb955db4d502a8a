import Exposition

/// What one batch of observations changes in a target's ledger: what is written to the journal, and
/// what is applied both while recording and when the journal is read again.
///
/// Families and series are named by their positions, which never change as long as the target is not
/// forgotten.
struct SeriesBatch: Sendable {
  /// A family that is new or has a new HELP.
  struct Family: Sendable {
    let position: Int
    let isNew: Bool
    let name: String
    let help: String
  }

  /// A new series, in the order in which the family's series came up.
  struct Series: Sendable {
    let family: Int
    let position: Int
    let labels: LabelSet
  }

  /// One series' part: the next `count` readings.
  struct Entry: Sendable {
    let family: Int
    let series: Int
    let count: Int
  }

  /// When the poll ended, in Unix time; new series start then.
  let unixTime: Double
  /// The Unix time before which an ended bucket is dropped.
  let horizon: Double
  var families: [Family] = []
  var series: [Series] = []
  var entries: [Entry] = []
  /// Ascending by bucket within an entry, no bucket twice.
  var readings: [Reading] = []

  /// Whether applying it would change nothing.
  var isEmpty: Bool { families.isEmpty && series.isEmpty && entries.isEmpty }
}
