import Glibc
import HTTPTransport
import Scheduling
import Synchronization
import TestSupport
import Testing

@testable import ExporterCore

/// sd_notify(3) against a real datagram socket.
@Suite struct ServiceManagerTests {
  private func notifying(_ address: String, _ log: LogRecorder) -> ServiceManager? {
    ServiceManager(SystemdEnvironment(["NOTIFY_SOCKET": address]), log: log.logger)
  }

  @Test(arguments: [true, false])
  func messages(_ isAbstract: Bool) throws {
    let receiver = try NotificationReceiver(isAbstract: isAbstract)
    let log = LogRecorder()
    let manager = try #require(notifying(receiver.address, log))
    manager.ready(status: "0 of 2 targets up")
    #expect(receiver.next() == "READY=1\nSTATUS=0 of 2 targets up")
    // What was said already is not said again.
    manager.show(status: "0 of 2 targets up")
    manager.show(status: "1 of 2 targets up")
    #expect(receiver.next() == "STATUS=1 of 2 targets up")
    manager.keepAlive()
    #expect(receiver.next() == "WATCHDOG=1")
    manager.stopping()
    #expect(receiver.next() == "STOPPING=1\nSTATUS=stopping")
    #expect(receiver.next(waits: false) == nil)
    #expect(log.lines.isEmpty)
  }

  /// Both in one message, the time in µs of CLOCK_MONOTONIC (systemd.service(5), notify-reload).
  @Test func reloading() throws {
    func microseconds() -> UInt64 {
      var time = timespec()
      unsafe clock_gettime(CLOCK_MONOTONIC, &time)
      return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000
    }
    let receiver = try NotificationReceiver(isAbstract: true)
    let manager = try #require(notifying(receiver.address, LogRecorder()))
    let before = microseconds()
    manager.reloading()
    let after = microseconds()
    let lines = try #require(receiver.next()).split(separator: "\n")
    #expect(lines.count == 2 && lines[0] == "RELOADING=1")
    let prefix = "MONOTONIC_USEC="
    #expect(lines[1].hasPrefix(prefix))
    let time = try #require(UInt64(lines[1].dropFirst(prefix.count)))
    #expect((before...after).contains(time))
  }

  @Test func noManager() {
    let log = LogRecorder()
    #expect(ServiceManager(SystemdEnvironment([:]), log: log.logger) == nil)
    #expect(log.lines.isEmpty)
  }

  @Test(arguments: ["relative", "@", "/", "vsock:2:99", "/" + String(repeating: "x", count: 200)])
  func anAddressThatCannotBeUsedIsLogged(_ address: String) {
    let log = LogRecorder()
    #expect(notifying(address, log) == nil)
    #expect(log.lines.count == 1)
    #expect(log.lines.first?.contains("the service manager is not notified") == true)
  }

  /// A manager that is gone is told of once, not at every sign of life.
  @Test func onlyTheFirstFailureInARowIsLogged() throws {
    let log = LogRecorder()
    let receiver = try NotificationReceiver(isAbstract: false)
    let address = receiver.address
    let manager = try #require(notifying(address, log))
    manager.keepAlive()
    unsafe unlink(address)
    for _ in 0..<3 { manager.keepAlive() }
    #expect(log.lines.count == 1)
    #expect(log.lines.first?.contains("No such file or directory") == true)
    #expect(receiver.next() == "WATCHDOG=1")
    #expect(receiver.next(waits: false) == nil)
  }

  // MARK: - Signs of life

  private static let text =
    "targets:\n" + ConfigurationText.experia("a") + ConfigurationText.experia("b", key: "k-2")

  private func report(
    _ bench: AgentBench,
    _ receiver: NotificationReceiver,
    watchdogTime: Double?,
    isListening: @escaping @Sendable () -> Bool = { true }
  ) throws -> ServiceReport {
    ServiceReport(
      manager: try #require(notifying(receiver.address, bench.log)),
      agent: bench.agent,
      isListening: isListening,
      watchdogTime: watchdogTime
    )
  }

  @Test func theStatusCountsTheTargetsThatAreUp() async throws {
    let bench = try AgentBench(ServiceManagerTests.text) { request, index throws(TransportError) in
      guard request.url.hasPrefix("http://a.") else {
        return HTTPClientResponse(status: 500, body: [])
      }
      return try AgentBench.answer(request, index)
    }
    #expect(ServiceReport.status(of: bench.agent) == "0 of 2 targets up")
    _ = await bench.agent.scheduler.pollOnce()
    #expect(ServiceReport.status(of: bench.agent) == "1 of 2 targets up")
    let source = ConfigurationSource(path: "/nonexistent/config.yaml", environment: [:])
    #expect(throws: (any Error).self) { try bench.agent.reload(from: source) }
    #expect(
      ServiceReport.status(of: bench.agent)
        == "1 of 2 targets up; the last reload failed: see the log"
    )
  }

  /// Signs of life at least three times in the watchdog's time.
  @Test(arguments: [(nil, 5), (60, 5), (9, 3), (1.5, 0.5)] as [(Double?, Double)])
  func intervals(_ watchdogTime: Double?, _ interval: Double) throws {
    let bench = try AgentBench(ServiceManagerTests.text)
    let receiver = try NotificationReceiver(isAbstract: true)
    #expect(try report(bench, receiver, watchdogTime: watchdogTime).interval == interval)
  }

  /// A listener that hangs costs the sign of life, is logged once, and forgiven once it goes on.
  @Test func aListenerThatHangs() async throws {
    let bench = try AgentBench(ServiceManagerTests.text)
    let receiver = try NotificationReceiver(isAbstract: true)
    let box = AnswerBox([true, false, false, true])
    let report = try report(bench, receiver, watchdogTime: 3) { box.next() }
    var wasAlive = true
    var signs: [Bool] = []
    for _ in 0..<4 {
      wasAlive = report.look(wasAlive: wasAlive)
      signs.append(wasAlive)
    }
    #expect(signs == [true, false, false, true])
    #expect(receiver.next() == "STATUS=0 of 2 targets up")
    #expect(receiver.next() == "WATCHDOG=1")
    #expect(receiver.next() == "WATCHDOG=1")
    #expect(receiver.next(waits: false) == nil)
    let complaints = bench.log.lines.filter { $0.contains("no sign of life for the watchdog") }
    #expect(complaints.count == 1)
    #expect(complaints.first?.contains("the HTTP listener's loop hangs") == true)
  }

  @Test func withoutAWatchdogThereIsOnlyTheStatus() async throws {
    let bench = try AgentBench(ServiceManagerTests.text)
    let receiver = try NotificationReceiver(isAbstract: true)
    let report = try report(bench, receiver, watchdogTime: nil) { false }
    #expect(report.look(wasAlive: true))
    #expect(receiver.next() == "STATUS=0 of 2 targets up")
    _ = await bench.agent.scheduler.pollOnce()
    #expect(report.look(wasAlive: true))
    #expect(report.look(wasAlive: true))
    #expect(receiver.next() == "STATUS=2 of 2 targets up")
    #expect(receiver.next(waits: false) == nil)
  }

  @Test func reportingEndsWithItsTask() async throws {
    let bench = try AgentBench(ServiceManagerTests.text)
    let receiver = try NotificationReceiver(isAbstract: true)
    let report = try report(bench, receiver, watchdogTime: 60)
    let running = Task { await report.run() }
    #expect(receiver.next() == "STATUS=0 of 2 targets up")
    #expect(receiver.next() == "WATCHDOG=1")
    running.cancel()
    await running.value
  }

  /// A reload is announced and its end as well, also of one that fails.
  @Test func reloads() throws {
    let bench = try AgentBench(ServiceManagerTests.text)
    let receiver = try NotificationReceiver(isAbstract: true)
    bench.agent.reports(reloadsTo: notifying(receiver.address, bench.log))
    let source = ConfigurationSource(path: "/nonexistent/config.yaml", environment: [:])
    #expect(throws: (any Error).self) { try bench.agent.reload(from: source) }
    #expect(receiver.next()?.hasPrefix("RELOADING=1\nMONOTONIC_USEC=") == true)
    #expect(
      receiver.next()
        == "READY=1\nSTATUS=0 of 2 targets up; the last reload failed: see the log"
    )
  }
}

/// Answers in a row; true when they are used up.
private final class AnswerBox: Sendable {
  private let answers: Mutex<[Bool]>

  init(_ answers: [Bool]) {
    self.answers = Mutex(answers)
  }

  var left: Int { answers.withLock { $0.count } }

  func next() -> Bool {
    answers.withLock { $0.isEmpty ? true : $0.removeFirst() }
  }
}
