/// The text of `--help`, made from the commands and the table of flags.
enum UsageText {
  static var text: String {
    var lines = ["usage: cx_exporter [command] [flags]", "", "Commands:"]
    for command in Command.allCases {
      lines.append(row(command.word ?? "(none)", command.help, width: 10))
    }
    lines += ["", "Flags (--name=value or --name value; those without a value also --no-name):"]
    for flag in FlagDefinition.all {
      lines.append(row(flag.synopsis, flag.fullHelp, width: 36))
    }
    lines += ["", "Exit status: 0 fine, 1 failure, 2 wrong usage or configuration."]
    return lines.joined(separator: "\n")
  }

  private static func row(_ name: String, _ help: String, width: Int) -> String {
    let padding = String(repeating: " ", count: max(1, width - name.count))
    return "  \(name)\(padding)\(help)"
  }
}

extension FlagDefinition {
  /// The flag with the name of its argument: `--log.level=debug|info|warn|error`.
  var synopsis: String {
    switch argument {
    case .none: "--\(name)"
    case .value(let placeholder): "--\(name)=\(placeholder)"
    case .choice(let allowed): "--\(name)=\(allowed.joined(separator: "|"))"
    case .integer: "--\(name)=N"
    }
  }
}
