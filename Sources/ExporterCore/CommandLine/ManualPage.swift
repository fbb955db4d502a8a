/// The manual page, in the macros of man(7).
enum ManualPage {
  static var text: String {
    var lines = [
      #".\" Made by cx_exporter --help-man from its table of flags."#,
      ".TH CX_EXPORTER 1 \"\" \"cx_exporter \(Version.number)\" \"User Commands\"",
      ".SH NAME",
      #"cx_exporter \- Prometheus exporter for customer-experience vendors"#,
      ".SH SYNOPSIS",
    ]
    for command in Command.allCases {
      let word = command.word.map { #" \fB\#(escaped($0))\fR"# } ?? ""
      lines += [#"\fBcx_exporter\fR\#(word) [\fIflags\fR]"#, ".br"]
    }
    lines.removeLast()
    lines += [
      ".SH DESCRIPTION",
      paragraph(
        "Polls the analytics endpoints of Experia, Samespace, Rocket.Chat Omnichannel and Kore.ai, "
          + "each target on its own schedule and inside the vendor's rate limit, and serves what "
          + "they say as Prometheus metrics. A scrape never causes a vendor request."
      ),
      ".SH COMMANDS",
    ]
    for command in Command.allCases {
      lines += item(command.word ?? "(none)", command.help)
    }
    lines += [
      ".SH OPTIONS",
      paragraph(
        "A value follows as --name=value or --name value; a flag without a value is turned off by "
          + "--no-name."
      ),
    ]
    for flag in FlagDefinition.all { lines += item(flag.synopsis, flag.fullHelp) }
    for section in sections {
      lines.append(".SH \(section.title)")
      for (term, text) in section.items { lines += item(term, text) }
    }
    lines += [
      ".SH SEE ALSO", ".BR promtool (1),", ".BR systemd.service (5),", ".BR systemd.exec (5)",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private static let sections: [(title: String, items: [(String, String)])] = [
    (
      "EXIT STATUS",
      [("0", "All went well."), ("1", "Something failed."), ("2", "Wrong usage or configuration.")]
    ),
    (
      "SIGNALS",
      [
        ("SIGHUP", "Reads the configuration again; unchanged targets go on undisturbed."),
        ("SIGTERM, SIGINT", "Lets the requests in flight finish and ends within 5 seconds."),
      ]
    ),
    (
      "ENVIRONMENT",
      [
        ("NAME", "Any variable stands for ${NAME} in the configuration."),
        (
          "LISTEN_FDS, LISTEN_PID, LISTEN_FDNAMES",
          "The sockets of --web.systemd-socket, as in sd_listen_fds(3)."
        ),
        (
          "NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID",
          "Where to tell of start, reload, status and end, and to give signs of life, as in "
            + "sd_notify(3)."
        ),
      ]
    ),
    (
      "FILES",
      [
        ("/etc/cx_exporter/config.yaml", "The service's configuration."),
        ("/etc/cx_exporter/secrets/", "Its secrets: each file is ${CX_SECRETS}NAME there."),
        ("/etc/default/cx_exporter", "More flags for the service, in ARGS."),
        ("/var/lib/cx_exporter/", "Its counters."),
      ]
    ),
  ]

  private static func item(_ term: String, _ text: String) -> [String] {
    [".TP", #".B "\#(escaped(term))""#, paragraph(text)]
  }

  /// A line of text; one that would be a request is none.
  private static func paragraph(_ text: String) -> String {
    let line = escaped(text)
    return line.hasPrefix(".") || line.hasPrefix("'") ? #"\&"# + line : line
  }

  private static func escaped(_ text: String) -> String {
    text.map { character in
      switch character {
      case "\\": #"\e"#
      case "-": #"\-"#
      case "\"": #"\(dq"#
      case "'": #"\(aq"#
      default: String(character)
      }
    }
    .joined()
  }
}
