import CollectorKit
import Exposition
private import FoundationEssentials
import HTTPListener

/// `/sd`: the targets for Prometheus' HTTP service discovery.
///
/// Source: Prometheus documentation, "Writing HTTP Service Discovery".
struct ServiceDiscovery: Sendable {
  let agent: Agent

  private struct Group: Encodable {
    let targets: [String]
    let labels: [String: String]
  }

  /// One group a target; the address is the one under which the agent was asked.
  func answer(_ request: HTTPRequest) -> HTTPResponse {
    let address = request.field("host") ?? ""
    let groups = agent.configuration.targets.map { target in
      var labels = [
        "__param_target": target.settings.name,
        "vendor": target.settings.vendor,
      ]
      for label in target.settings.labels.labels where !label.value.isEmpty {
        labels[label.name] = label.value
      }
      return Group(targets: [address], labels: labels)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    do {
      return HTTPResponse(
        status: 200,
        fields: [("Content-Type", "application/json")],
        body: [Array(try encoder.encode(groups)), [UInt8(ascii: "\n")]]
      )
    } catch {
      return .text(500, "500: the list of targets cannot be written")
    }
  }
}
