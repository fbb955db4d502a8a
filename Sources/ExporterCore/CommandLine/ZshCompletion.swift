/// The completion for zsh.
enum ZshCompletion {
  static var text: String {
    var specs: [String] = []
    for flag in FlagDefinition.all {
      let name = "--\(flag.name)"
      let help = "[\(escaped(flag.fullHelp))]"
      let repeated = flag.isRepeatable ? "*" : ""
      let tag = escaped(flag.name)
      switch flag.completedValue {
      case .none:
        let pair = flag.hasNegation ? "(\(name) --no-\(flag.name))" : ""
        specs.append("\(pair)\(name)\(help)")
        if flag.hasNegation { specs.append("\(pair)--no-\(flag.name)[Turn \(name) off.]") }
      case .text: specs.append("\(repeated)\(name)=\(help):\(tag):")
      case .file: specs.append("\(repeated)\(name)=\(help):\(tag):_files")
      case .folder: specs.append("\(repeated)\(name)=\(help):\(tag):_files -/")
      case .choice(let words):
        specs.append("\(repeated)\(name)=\(help):\(tag):(\(words.joined(separator: " ")))")
      }
    }
    let commands = Command.allCases.compactMap { command in
      command.word.map { "\($0)\\:\"\(escaped(command.help))\"" }
    }
    specs.append("1:command:((\(commands.joined(separator: " "))))")
    return """
      #compdef cx_exporter
      # zsh completion for cx_exporter, made by cx_exporter --completion-script-zsh
      _arguments \\
      \(specs.map { "  " + quoted($0) }.joined(separator: " \\\n"))

      """
  }

  /// For the inside of a specification of `_arguments`.
  private static func escaped(_ text: String) -> String {
    text.map { #"[]:\"#.contains($0) ? "\\\($0)" : String($0) }.joined()
  }

  private static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#)
      + "'"
  }
}
