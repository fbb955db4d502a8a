import Synchronization

/// What the simulated vendors were asked, for tests of quotas.
final class RequestLog: Sendable {
  /// How many requests a vendor's list keeps; the count goes on.
  static let capacity = 20_000

  private struct Entries {
    var count = 0
    var recent: [RecordedRequest] = []
  }

  private let entries = Mutex<[SimulatedVendor: Entries]>([:])

  func add(_ request: RecordedRequest, of vendor: SimulatedVendor) {
    entries.withLock { all in
      var entries = all[vendor, default: Entries()]
      entries.count += 1
      entries.recent.append(request)
      if entries.recent.count > RequestLog.capacity {
        entries.recent.removeFirst(RequestLog.capacity / 2)
      }
      all[vendor] = entries
    }
  }

  func count(_ vendor: SimulatedVendor) -> Int {
    entries.withLock { $0[vendor]?.count ?? 0 }
  }

  func recent(_ vendor: SimulatedVendor) -> [RecordedRequest] {
    entries.withLock { $0[vendor]?.recent ?? [] }
  }
}
