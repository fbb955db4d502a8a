/// The completion for bash.
enum BashCompletion {
  static var text: String {
    var flags: [String] = []
    var cases: [String] = []
    var others: [String] = []
    for flag in FlagDefinition.all {
      flags.append("--\(flag.name)")
      if flag.hasNegation { flags.append("--no-\(flag.name)") }
      switch flag.completedValue {
      case .none: continue
      case .text: others.append("--\(flag.name)")
      case .file: cases.append(row(flag, #"compopt -o filenames; found=$(compgen -f -- "$word")"#))
      case .folder:
        cases.append(row(flag, #"compopt -o filenames; found=$(compgen -d -- "$word")"#))
      case .choice(let words):
        let list = words.joined(separator: " ")
        cases.append(row(flag, #"found=$(compgen -W "\#(list)" -- "$word")"#))
      }
    }
    let commands = Command.allCases.compactMap(\.word).joined(separator: " ")
    return """
      # bash completion for cx_exporter, made by cx_exporter --completion-script-bash
      _cx_exporter() {
        local word=${COMP_WORDS[COMP_CWORD]} flag=${COMP_WORDS[COMP_CWORD-1]} found=
        # To bash "--flag=value" is three words.
        if [[ $word == "=" ]]; then
          word=
        elif [[ $flag == "=" && $COMP_CWORD -gt 1 ]]; then
          flag=${COMP_WORDS[COMP_CWORD-2]}
        fi
        case $flag in
      \(cases.joined(separator: "\n"))
          \(others.joined(separator: "|"))) ;;
          *)
            if [[ $word == -* ]]; then
              found=$(compgen -W "\(flags.joined(separator: " "))" -- "$word")
            else
              found=$(compgen -W "\(commands)" -- "$word")
            fi
            ;;
        esac
        COMPREPLY=()
        if [[ -n $found ]]; then mapfile -t COMPREPLY <<<"$found"; fi
      }
      complete -F _cx_exporter cx_exporter

      """
  }

  private static func row(_ flag: FlagDefinition, _ action: String) -> String {
    "    --\(flag.name)) \(action) ;;"
  }
}
