import Glibc
import Logging

/// One thing that reads bytes from outside, and what must hold whatever the bytes are.
struct FuzzTarget: Sendable {
  /// As it is called on the command line, in `Corpus` and in `Dictionaries`.
  let name: String
  /// Reads one input; traps where something is wrong.
  let run: @Sendable (_ bytes: [UInt8]) -> Void

  static let all: [FuzzTarget] = [
    FuzzTarget(name: "request", run: RequestFuzzing.run),
    FuzzTarget(name: "experia", run: CollectorFuzzing.experia.run),
    FuzzTarget(name: "samespace", run: CollectorFuzzing.samespace.run),
    FuzzTarget(name: "rocketchat", run: CollectorFuzzing.rocketChat.run),
    FuzzTarget(name: "kore", run: CollectorFuzzing.kore.run),
    FuzzTarget(name: "configuration", run: ConfigurationFuzzing.run),
    FuzzTarget(name: "web", run: WebFuzzing.run),
    FuzzTarget(name: "ledger", run: LedgerFuzzing.run),
  ]

  static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }

  /// libFuzzer's callback knows nothing but its bytes: the target's name stands here.
  static let variable = "CX_FUZZ_TARGET"

  static let current = unsafe getenv(variable).flatMap { named(unsafe String(cString: $0)) }
}

/// Ends the process, which libFuzzer takes for a finding, where the condition does not hold.
func require(_ condition: Bool, _ message: @autoclosure () -> String) {
  if condition { return }
  // A trap of an optimised build says nothing.
  StandardErrorSink().write(Array("does not hold: \(message())\n".utf8))
  abort()
}
