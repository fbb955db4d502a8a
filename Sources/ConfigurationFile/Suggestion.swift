/// Finds what somebody probably meant to write.
public enum Suggestion {
  /// Longer words are not compared: nobody mistypes them by a letter or two.
  private static let maximumLength = 64

  /// The candidate that differs from `word` by least, if it differs by little enough.
  ///
  /// A wrong, missing, additional or transposed character costs one; up to a third of the longer
  /// word's characters may differ, and one in any word of two or more. Case does not count, nor does `-` for `_`.
  /// Of equally near candidates the first wins.
  public static func nearest(to word: String, among candidates: [String]) -> String? {
    let wanted = folded(word)
    guard wanted.count <= maximumLength else { return nil }
    var best: (candidate: String, distance: Int)?
    for candidate in candidates {
      let other = folded(candidate)
      guard other.count <= maximumLength else { continue }
      let longer = max(wanted.count, other.count)
      // One letter for another is no near miss where it is the only one.
      let limit = longer == 1 ? 0 : max(longer, 3) / 3
      guard abs(wanted.count - other.count) <= limit else { continue }
      let distance = distance(wanted, other)
      if distance <= limit, distance < best?.distance ?? .max {
        best = (candidate, distance)
      }
    }
    return best?.candidate
  }

  private static func folded(_ word: String) -> [Character] {
    word.lowercased().map { $0 == "-" ? "_" : $0 }
  }

  /// The optimal string alignment distance.
  private static func distance(_ left: [Character], _ right: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for (row, character) in left.enumerated() {
      var current = [row + 1]
      for (column, other) in right.enumerated() {
        let substitution = last[column] + (character == other ? 0 : 1)
        var cost = min(substitution, last[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, character == right[column - 1], left[row - 1] == other {
          cost = min(cost, beforeLast[column - 1] + 1)
        }
        current.append(cost)
      }
      (beforeLast, last) = (last, current)
    }
    return last[right.count]
  }
}
