import CollectorKit
import Exposition
import Ledger

/// Turns a card's content into families: a pure function but for what the mappers remember.
struct ExperiaCardFamilies: Sendable {
  let card: ExperiaCard

  /// More numbers than these are no dashboard's card.
  private static let mostLeaves = 1000

  /// The families of one answer.
  ///
  /// - Parameters:
  ///   - table: The answer's `cardContent`.
  ///   - view: The view that was asked for.
  ///   - bucket: The day that the content is of; nil where that is in doubt or it is another period.
  /// - Returns: The rows' number, or the object's numbers, what the mappings make of them, and the
  ///   histograms' totals.
  func values(_ table: RowTable, view: String, bucket: Bucket?) -> PollOutcome.Values {
    var result = PollOutcome.Values()
    let labels: LabelSet = ["view": view, "card": card.name]
    if table.isObject {
      result = leaves(table, labels: labels)
    } else {
      result.families = [
        MetricFamily(
          name: "experia_card_rows",
          type: .gauge,
          help: "Rows of the card (cardContent)" + ExperiaField.cached,
          samples: [Sample(labels: labels, value: Double(table.rowCount))]
        )
      ]
    }
    result.add(card.mappers.values(of: table, labels: ["view": view], bucket: bucket))
    if let sessions = card.sessions, !table.isObject, let bucket {
      result.add(sessions.values(of: table, view: view, bucket: bucket))
    }
    return result
  }

  /// What the ledger wants of a day that is over.
  func closingValues(_ table: RowTable, view: String, bucket: Bucket) -> PollOutcome.Values {
    var result = values(table, view: view, bucket: bucket)
    result.families = []
    return result
  }

  /// The numbers of a card whose content is an object: `experia_card_value` by dotted path.
  private func leaves(_ table: RowTable, labels: LabelSet) -> PollOutcome.Values {
    var result = PollOutcome.Values()
    var samples: [Sample] = []
    var seen: Set<String> = []
    for (path, value) in table.numericLeaves where seen.insert(path).inserted {
      let isPersonal =
        Identifier.kind(of: path) != nil || Identifier.isSuspicious(column: path)
        || path.split(separator: ".").contains { Identifier.kind(of: String($0)) != nil }
      guard samples.count < ExperiaCardFamilies.mostLeaves, !isPersonal, path.utf8.count <= 200
      else {
        if result.skipped.isEmpty {
          result.skipped.append(
            isPersonal
              ? "\(card.name): the name of a number looks like an identifier"
              : "\(card.name): more numbers, or longer names, than make sense as series"
          )
        } else {
          result.rowsSkipped += 1
        }
        continue
      }
      samples.append(Sample(labels: labels.adding("field", path), value: value))
    }
    result.families = [
      MetricFamily(
        name: "experia_card_value",
        type: .gauge,
        help: "Number in the card, by its path, where the card's content is no list (cardContent)"
          + ExperiaField.cached,
        samples: samples
      )
    ]
    return result
  }
}
