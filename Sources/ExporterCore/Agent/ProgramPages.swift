import CLinux
import CollectorKit
import Scheduling

/// Gives back the memory of what only the start has used of the program.
///
/// Loading, reading the configuration and the first polls touch most of the program and its
/// libraries; serving and polling need a third of that. The pages are the files' own, so whatever is used again
/// comes back from the page cache without being read.
enum ProgramPages {
  /// Waits until every target was polled once, then lets go; returns early when cancelled.
  static func releaseOnceSettled(_ agent: Agent) async {
    while !agent.scheduler.hasPolledAll {
      guard (try? await agent.time.sleep(seconds: 1)) != nil else { return }
    }
    cx_release_program_pages()
  }
}
