import CollectorKit
import Exposition
import Ledger

extension [RowMapper] {
  /// What all of them make of a table.
  ///
  /// - Parameters:
  ///   - table: The rows.
  ///   - labels: What the collector adds to every series.
  ///   - bucket: The day of the rows' totals; nil while that is in doubt.
  /// - Returns: The values, in the mappers' order.
  func values(
    of table: RowTable,
    labels: LabelSet = LabelSet(),
    bucket: Bucket?
  ) -> PollOutcome.Values {
    var values = PollOutcome.Values()
    for mapper in self { values.add(mapper.values(of: table, labels: labels, bucket: bucket)) }
    return values
  }

  /// What the counters make of the rows of a day that is over.
  func closingValues(of table: RowTable, bucket: Bucket) -> PollOutcome.Values {
    filter { $0.mapping.kind == .counter }.values(of: table, bucket: bucket)
  }
}
