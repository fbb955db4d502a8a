/// Which users a trend is about; the first version of the API knows only the first.
enum KoreUsers: CaseIterable, Sendable {
  /// Everybody who was active.
  case unique
  /// Those who had not been there before.
  case new
  /// Those who had.
  case returning

  /// What sets the family's name apart.
  var prefix: String {
    switch self {
    case .unique: ""
    case .new: "new_"
    case .returning: "returning_"
    }
  }

  /// The list's name in the second version's answer.
  var listName: String {
    switch self {
    case .unique: "uniqueUsersTrend"
    case .new: "newUsersTrend"
    case .returning: "returningUsersTrend"
    }
  }

  /// How HELP begins.
  var subject: String {
    switch self {
    case .unique: "Users"
    case .new: "New users"
    case .returning: "Returning users"
    }
  }

  /// How a message about one value begins.
  var word: String { subject.lowercased() }
}
