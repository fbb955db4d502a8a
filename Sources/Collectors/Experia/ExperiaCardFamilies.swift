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
  ///   - bucket: The day that the content is of; nil if it is of another period.
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
    if let sessions = card.sessions, let bucket {
      if table.isObject {
        result.skipped.append(
          "\(card.name): the histograms need a list of sessions, and the content is an object; set rows "
            + "to the path of the list"
        )
      } else {
        result.add(sessions.values(of: table, view: view, bucket: bucket))
      }
    }
    if table.valuesLeftOut > 0, card.mappers.isEmpty {
      result.skipped.append(
        "\(card.name): values in columns after the first thousand were left out"
      )
      result.rowsSkipped += table.valuesLeftOut - 1
    }
    return result
  }

  /// What the ledger wants of a day that is over.
  func closingValues(_ table: RowTable, view: String, bucket: Bucket) -> PollOutcome.Values {
    var result = values(table, view: view, bucket: bucket).ofClosedDay(table)
    result.families = []
    return result
  }

  /// The numbers of a card whose content is an object: `experia_card_value` by dotted path.
  private func leaves(_ table: RowTable, labels: LabelSet) -> PollOutcome.Values {
    var result = PollOutcome.Values()
    var samples: [Sample] = []
    var seen: Set<String> = []
    func skip(_ reason: String) {
      if result.skipped.isEmpty {
        result.skipped.append("\(card.name): \(reason)")
      } else {
        result.rowsSkipped += 1
      }
    }
    for (path, value) in table.leaves {
      let leaf = ExperiaCardLeaf(value, path: path)
      let isPersonal =
        Identifier.kind(of: path) != nil || Identifier.isSuspicious(column: path)
        || path.split(separator: ".").contains { Identifier.kind(of: String($0)) != nil }
      switch leaf {
      case .nothing: continue
      case .list:
        result.notes.append(
          "view \(labels["view"] ?? ""), card \(card.name): \(isPersonal ? "a member" : path) is a list "
            + "or too large a number; to read a list's rows, set rows to its path"
        )
      case .unreadable(let seen): skip("\(isPersonal ? "a number" : path) \(seen)")
      case .number(let number):
        if isPersonal {
          result.notes.append(
            "view \(labels["view"] ?? ""), card \(card.name): a number whose name looks like an identifier "
              + "is not shown"
          )
        } else if samples.count >= ExperiaCardFamilies.mostLeaves || path.utf8.count > 200 {
          skip("more numbers, or longer names, than make sense as series")
        } else if seen.insert(path).inserted {
          samples.append(Sample(labels: labels.adding("field", path), value: number))
        } else {
          skip("\(path) is there twice")
        }
      }
    }
    result.families = [
      MetricFamily(
        name: "experia_card_value",
        type: .gauge,
        help: "Number in the card, by its path, if the card's content is no list (cardContent)"
          + ExperiaField.cached,
        samples: samples
      )
    ]
    return result
  }
}

/// What a value in a card's object is worth: the vendor documents the content of one card only, so
/// the forms are those of the summary.
private enum ExperiaCardLeaf {
  /// A number, a percentage as the vendor writes it, or the seconds of a duration or time of day.
  case number(Double)
  /// A name, a date, a truth value or no value.
  case nothing
  /// An array, or a number beyond any `Double`.
  case list
  /// A text that looks like a number and cannot be read, or a number that cannot be right.
  case unreadable(String)

  init(_ value: RowValue, path: String) {
    if let number = value.number {
      self = ExperiaCardLeaf.checked(number, path)
    } else if case .text(let text) = value {
      self = ExperiaCardLeaf(text.trimmingSpaces(), path)
    } else {
      self = value == .other ? .list : .nothing
    }
  }

  private init(_ text: String, _ path: String) {
    if let number = Percent.number(text) {
      self = ExperiaCardLeaf.checked(number, path)
    } else if let seconds = ClockDuration.seconds(text) ?? ClockDuration.timeOfDay(text) {
      self = .number(seconds)
    } else {
      let isNumeric =
        text.utf8.contains { (0x30...0x39).contains($0) }
        && text.utf8.allSatisfy { (0x30...0x39).contains($0) || " +-.,:%'".utf8.contains($0) }
      let isOther = Identifier.kind(of: text) != nil || ISOTime.seconds(text) != nil
      self =
        isNumeric && !isOther && !text.dropFirst().contains("-")
        ? .unreadable("is \"\(Identifier.masked(text))\", not a number") : .nothing
    }
  }

  /// A compliance is a share of all.
  private static func checked(_ number: Double, _ path: String) -> ExperiaCardLeaf {
    let words = path.split(separator: ".").suffix(2).map(String.init)
    let isCompliance =
      words.count == 2 && words[0] == "sla"
      && ExperiaConfiguration.serviceLevelNames.contains(words[1])
    return isCompliance && !(0...100).contains(number)
      ? .unreadable("is \(number), not 0 to 100") : .number(number)
  }
}
