import ConfigurationFile

/// A parsed command line: the command and every flag's values.
struct CommandLineArguments: Sendable, Equatable {
  let command: Command
  private let values: [String: [String]]

  /// Parses the words behind the program's name.
  ///
  /// - Throws: `UsageError` at the first word that cannot be followed.
  init(_ words: [String]) throws(UsageError) {
    var command: Command?
    var values: [String: [String]] = [:]
    var rest = words[...]
    while let word = rest.popFirst() {
      if word == "-h" {
        values["help"] = ["true"]
      } else if word.hasPrefix("--") {
        let (flag, value) = try CommandLineArguments.flag(word.dropFirst(2), &rest)
        if flag.isRepeatable {
          values[flag.name, default: []].append(value)
        } else if let known = values[flag.name], known != [value] {
          throw UsageError(message: "--\(flag.name) is given twice; give it once")
        } else {
          values[flag.name] = [value]
        }
      } else if word.hasPrefix("-") {
        throw CommandLineArguments.unknownFlag(String(word.prefix { $0 != "=" }))
      } else if command == nil, let known = Command.allCases.first(where: { $0.word == word }) {
        command = known
      } else {
        throw CommandLineArguments.unexpected(word, hasCommand: command != nil)
      }
    }
    self.values = values
    self.command = values["config.check"] == ["true"] ? .check : command ?? .run
    if values["help"] == nil { try refuseFlagsOfOthers() }
  }

  private func refuseFlagsOfOthers() throws(UsageError) {
    let known = FlagDefinition.own.first { $0.command == command }?.flags ?? []
    for (owner, flags) in FlagDefinition.own where owner != command {
      guard let flag = flags.first(where: { values[$0] != nil && !known.contains($0) }) else {
        continue
      }
      throw UsageError(message: "--\(flag) belongs to the command \(owner.word ?? "")")
    }
  }

  /// A flag's value: the last given, or its default, or empty.
  func value(_ name: String) -> String {
    list(name).last ?? ""
  }

  /// A flag's values, or its default alone.
  func list(_ name: String) -> [String] {
    if let given = values[name] { return given }
    let fallback = FlagDefinition.all.first { $0.name == name }?.fallback
    return fallback.map { [$0] } ?? []
  }

  /// Whether a flag without an argument is on.
  func isOn(_ name: String) -> Bool {
    value(name) == "true"
  }

  /// A whole number, which parsing has checked.
  func integer(_ name: String) -> Int {
    Int(value(name)) ?? 0
  }

  /// Whether the flag was given.
  func isGiven(_ name: String) -> Bool {
    values[name] != nil
  }

  private static func flag(
    _ word: Substring,
    _ rest: inout ArraySlice<String>
  ) throws(UsageError) -> (FlagDefinition, String) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    let attached = parts.count > 1 ? String(parts[1]) : nil
    if let flag = FlagDefinition.all.first(where: { $0.name == name }) {
      if case .none = flag.argument {
        guard let attached else { return (flag, "true") }
        guard ["true", "false"].contains(attached) else {
          throw UsageError(message: "--\(name) takes no value; use --\(name) or --no-\(name)")
        }
        return (flag, attached)
      }
      // A flag behind it is no value; one that looks like a flag can be attached with "=".
      let isNextFlag = rest.first?.hasPrefix("--") ?? true
      guard let value = attached ?? (isNextFlag ? nil : rest.popFirst()) else {
        throw UsageError(message: "--\(name) needs a value")
      }
      try check(value, for: flag)
      return (flag, value)
    }
    if name.hasPrefix("no-"),
      let flag = FlagDefinition.all.first(where: { $0.name == name.dropFirst(3) }),
      case .none = flag.argument
    {
      guard attached == nil else {
        throw UsageError(message: "--\(name) takes no value; use --\(flag.name) or --\(name)")
      }
      return (flag, "false")
    }
    throw unknownFlag("--\(name)")
  }

  private static func check(_ value: String, for flag: FlagDefinition) throws(UsageError) {
    switch flag.argument {
    case .none: return
    case .value:
      guard !value.isEmpty else { throw UsageError(message: "--\(flag.name) is empty") }
    case .choice(let allowed):
      guard !allowed.contains(value) else { return }
      let near = Suggestion.nearest(to: value, among: allowed).map { "; did you mean \($0)?" } ?? ""
      throw UsageError(
        message: "--\(flag.name)=\(value) is none of \(allowed.joined(separator: ", "))\(near)"
      )
    case .integer(let range):
      guard let number = Int(value), range.contains(number) else {
        throw UsageError(
          message: "--\(flag.name)=\(value) is no whole number from \(range.lowerBound) to "
            + "\(range.upperBound)"
        )
      }
    }
  }

  private static func unknownFlag(_ word: String) -> UsageError {
    let names = FlagDefinition.all.flatMap { flag in
      if case .none = flag.argument { [flag.name, "no-" + flag.name] } else { [flag.name] }
    }
    let name = String(word.drop { $0 == "-" })
    let near = Suggestion.nearest(to: name, among: names).map { "did you mean --\($0)?" }
    return UsageError(
      message: "unknown flag \(word); \(near ?? "--help lists the flags")"
    )
  }

  private static func unexpected(_ word: String, hasCommand: Bool) -> UsageError {
    if hasCommand { return UsageError(message: "unexpected argument \"\(word)\"") }
    let words = Command.allCases.compactMap(\.word)
    let near = Suggestion.nearest(to: word, among: words).map { "did you mean \($0)?" }
    return UsageError(
      message: "unknown command \"\(word)\"; \(near ?? "--help lists the commands")"
    )
  }
}
