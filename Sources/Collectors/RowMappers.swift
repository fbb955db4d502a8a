import CollectorKit
import Exposition
import Ledger

extension [RowMapper] {
  /// What all of them make of a table.
  ///
  /// A mapper that can read nothing fails the part if no other mapper has a figure; otherwise the
  /// table's rows count as left out.
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
    var failures: [CollectionError] = []
    for mapper in self {
      var mapped = mapper.values(of: table, labels: labels, bucket: bucket)
      if let failure = mapped.failure { failures.append(failure) }
      mapped.failure = nil
      values.add(mapped)
    }
    if table.valuesLeftOut > 0, !isEmpty {
      values.skipped.append("values of more than 1000 columns")
      values.rowsSkipped += table.valuesLeftOut - 1
    }
    guard let first = failures.first else { return values }
    if failures.count == count {
      values.failure = first
    } else {
      values.skipped += failures.map(\.message)
      values.rowsSkipped += failures.count * (table.rowCount - 1)
    }
    return values
  }

  /// What the counters make of the rows of a day that is over.
  func closingValues(of table: RowTable, bucket: Bucket) -> PollOutcome.Values {
    filter { $0.mapping.kind == .counter }.values(of: table, bucket: bucket).ofClosedDay(table)
  }
}

extension PollOutcome.Values {
  /// The values of a day that is over, whose rows stay as they are: to fail would ask for them again
  /// and again, and keep the days after it waiting.
  func ofClosedDay(_ table: RowTable) -> PollOutcome.Values {
    guard let failure else { return self }
    var values = self
    values.skipped.append(failure.message)
    values.rowsSkipped += max(0, table.rowCount - 1)
    values.failure = nil
    return values
  }
}
