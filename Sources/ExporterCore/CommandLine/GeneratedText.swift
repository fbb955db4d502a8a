/// What is made from the commands and the table of flags for a package: not in `--help`, for nobody
/// types it.
///
/// The words are those that Prometheus' exporters know.
enum GeneratedText: String, CaseIterable {
  case manualPage = "--help-man"
  case bash = "--completion-script-bash"
  case zsh = "--completion-script-zsh"
  case fish = "--completion-script-fish"

  /// The whole text.
  var text: String {
    switch self {
    case .manualPage: ManualPage.text
    case .bash: BashCompletion.text
    case .zsh: ZshCompletion.text
    case .fish: FishCompletion.text
    }
  }
}

/// What a shell can propose as a flag's value.
enum CompletedValue: Equatable {
  /// The flag takes none.
  case none
  /// Anything.
  case text
  case file
  case folder
  case choice([String])
}

extension FlagDefinition {
  /// What a shell can propose behind the flag.
  var completedValue: CompletedValue {
    switch argument {
    case .none: .none
    case .choice(let allowed): .choice(allowed)
    case .integer: .text
    case .value("FILE"): .file
    case .value("FOLDER"): .folder
    case .value: .text
    }
  }

  /// The flag's help with its default, as in `--help`.
  var fullHelp: String {
    fallback.map { "\(help) Default: \($0)." } ?? help
  }

  /// Whether `--no-name` makes sense: not for what prints a text and ends.
  var hasNegation: Bool {
    completedValue == .none && !["help", "version", "config.check"].contains(name)
  }
}
