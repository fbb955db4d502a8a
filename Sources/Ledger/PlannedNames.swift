import Exposition

/// The positions of families and series, with those that a batch is about to add.
struct PlannedNames {
  private struct NewKey: Hashable {
    let family: Int
    let series: SeriesKey
  }

  private let target: TargetLedger
  private var newFamilies: [String: Int] = [:]
  private var helps: [Int: (name: String, help: String)] = [:]
  private var newPositions: [NewKey: Int] = [:]
  private var newCounts: [Int: Int] = [:]
  /// The series that are new, in the order in which they came up.
  private(set) var newSeries: [SeriesBatch.Series] = []

  init(_ target: TargetLedger) {
    self.target = target
  }

  /// The families that are new or have a new HELP, by position.
  var changedFamilies: [SeriesBatch.Family] {
    helps.sorted { $0.key < $1.key }.compactMap { position, entry in
      if position < target.families.count, target.families[position].help == entry.help {
        return nil
      }
      return SeriesBatch.Family(
        position: position,
        isNew: position >= target.families.count,
        name: entry.name,
        help: entry.help
      )
    }
  }

  mutating func position(of family: CounterFamily) -> Int {
    if let position = target.position(ofFamily: family.name) {
      // A HELP that changed and changed back within the batch did not change.
      if helps[position] != nil || target.families[position].help != family.help {
        helps[position] = (family.name, family.help)
      }
      return position
    }
    let position = newFamilies[family.name] ?? target.families.count + newFamilies.count
    newFamilies[family.name] = position
    helps[position] = (family.name, family.help)
    return position
  }

  mutating func position(of labels: LabelSet, family: Int) -> Int {
    let series = SeriesKey(labels)
    let isKnown = family < target.families.count
    if isKnown, let position = target.families[family].position(of: series) { return position }
    let key = NewKey(family: family, series: series)
    if let position = newPositions[key] { return position }
    let added = newCounts[family, default: 0]
    let position = (isKnown ? target.families[family].states.count : 0) + added
    newCounts[family] = added + 1
    newPositions[key] = position
    newSeries.append(SeriesBatch.Series(family: family, position: position, labels: labels))
    return position
  }
}
