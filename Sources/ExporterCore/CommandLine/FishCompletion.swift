/// The completion for fish.
enum FishCompletion {
  static var text: String {
    var lines = [
      "# fish completion for cx_exporter, made by cx_exporter --completion-script-fish",
      "complete -c cx_exporter -f",
    ]
    for command in Command.allCases {
      guard let word = command.word else { continue }
      lines.append(
        "complete -c cx_exporter -n __fish_use_subcommand -a \(word) -d \(quoted(command.help))"
      )
    }
    for flag in FlagDefinition.all {
      let value =
        switch flag.completedValue {
        case .none: ""
        case .text: " -x"
        case .file: " -r -F"
        case .folder: " -x -a '(__fish_complete_directories)'"
        case .choice(let words): " -x -a \(quoted(words.joined(separator: " ")))"
        }
      lines.append("complete -c cx_exporter -l \(flag.name)\(value) -d \(quoted(flag.fullHelp))")
      if flag.hasNegation {
        lines.append(
          "complete -c cx_exporter -l no-\(flag.name) -d \(quoted("Turn --\(flag.name) off."))"
        )
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func quoted(_ text: String) -> String {
    let escaped = text.map { #"\'"#.contains($0) ? "\\\($0)" : String($0) }
    return "'" + escaped.joined() + "'"
  }
}
