import CollectorKit

extension [RequestPlan.Entry] {
  /// Adds requests to those of the same name and interval.
  mutating func add(_ what: String, requests: Int, every interval: Double? = nil) {
    if let index = firstIndex(where: { $0.what == what && $0.every == interval }) {
      self[index].requests += requests
    } else {
      append(RequestPlan.Entry(what, requests: requests, every: interval))
    }
  }
}
