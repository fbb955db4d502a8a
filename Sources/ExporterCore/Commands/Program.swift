import CollectorKit
import ConfigurationFile
private import Glibc
import HTTPTransport
import Ledger
import Logging

/// The program behind `main`: reads the command line and runs the command.
public enum Program {
  /// Runs the command of the process's own arguments.
  public static func run(environment: [String: String]) async -> ExitStatus {
    do {
      return await run(try ProcessArguments.read(), environment: environment)
    } catch {
      Terminal.complain(error.message)
      if case .wrong = error { return .usage }
      return .failure
    }
  }

  /// Runs a command.
  ///
  /// - Parameters:
  ///   - words: The words after the program's name.
  ///   - environment: The process's environment.
  /// - Returns: The process's exit status.
  public static func run(_ words: [String], environment: [String: String]) async -> ExitStatus {
    // A reader that goes away is an error of `write`, which is told, and no reason to be killed.
    signal(SIGPIPE, SIG_IGN)
    if words.count == 1, let text = GeneratedText(rawValue: words[0]) {
      return Terminal.write(Array(text.text.utf8)) ? .success : .failure
    }
    do {
      return try await follow(CommandLineArguments(words), environment: environment)
    } catch {
      Terminal.complain(shortened(Excerpt.oneLine(error.message)))
      return .usage
    }
  }

  /// An argument may be 128 KiB long: the line that quotes it is not.
  private static func shortened(_ line: String) -> String {
    line.utf8.count > 1000 ? line.prefix(600) + "…" + line.suffix(200) : line
  }

  private static func follow(
    _ arguments: CommandLineArguments,
    environment: [String: String]
  ) async throws(UsageError) -> ExitStatus {
    if arguments.isOn("help") {
      Terminal.print(UsageText.text)
      return .success
    }
    if arguments.isOn("version") {
      Terminal.print(Version.text)
      return .success
    }
    let context = CommandContext(
      arguments: arguments,
      environment: environment,
      shard: try Shard(parsing: arguments.value("shard"))
    )
    SystemdEnvironment.clear()
    switch arguments.command {
    case .run: return try await RunCommand(context).run()
    case .demo: return try await DemoCommand(context).run()
    case .once: return await OnceCommand(context).run()
    case .check: return CheckCommand(context).run()
    case .backfill: return try await BackfillCommand(context).run()
    case .explore: return await (try ExploreCommand(context)).run()
    }
  }
}

/// What every command starts from.
struct CommandContext: Sendable {
  let arguments: CommandLineArguments
  let environment: [String: String]
  var shard = Shard.all

  /// The logger that the flags describe.
  var log: Logger {
    Logger(
      level: LogLevel(name: arguments.value("log.level")) ?? .info,
      format: LogFormat(rawValue: arguments.value("log.format")) ?? .logfmt
    )
  }

  /// Where the configuration is.
  var source: ConfigurationSource {
    ConfigurationSource(
      path: arguments.value("config.file"),
      environment: environment,
      shard: shard
    )
  }

  /// The configuration, or nil after every error was told.
  func configuration() -> ExporterConfiguration? {
    do {
      return try source.load()
    } catch {
      for issue in error.issues { Terminal.complain(issue) }
      return nil
    }
  }

  /// The counters' folder, or nil where none is named.
  ///
  /// - Throws: `StorageError` where it cannot be used.
  func storage(_ log: Logger) throws(StorageError) -> LedgerStorage? {
    let folder = arguments.value("storage.path")
    return folder.isEmpty ? nil : try LedgerStorage(folder: folder, logger: log)
  }

  /// The signals, or nil after the error was told.
  func signals() -> Signals? {
    let signals = Signals()
    if signals == nil { log.error("cannot start", [("cause", "no descriptors for a pipe")]) }
    return signals
  }

  /// The HTTP client, or nil after the error was told.
  func client(_ log: Logger) -> CurlHTTPClient? {
    do {
      return try CurlHTTPClient(logger: log, userAgent: Version.userAgent)
    } catch {
      log.error("cannot start the HTTP client", [("cause", error.message)])
      return nil
    }
  }
}
