import CollectorKit
import ConfigurationFile
import HTTPTransport

/// A Kore.ai target's own keys.
struct KoreConfiguration: Sendable {
  /// One selection of users: each costs two requests a poll.
  struct Channel: Sendable, Equatable {
    /// The label `channel`.
    let name: String
    /// The vendor's name for the query; nil for the users of all channels.
    let id: String?
  }

  let botID: String
  let credentials: KoreCredentials
  /// The version of userEngagementTrend: 1, or 2 with new and returning users.
  let apiVersion: Int
  let timezone: Zone
  let channels: [Channel]
  let widgets: [KoreWidget]

  /// Reads the section; nil where an error was recorded.
  ///
  /// - Parameters:
  ///   - section: The target's keys.
  ///   - labels: The names of the target's static labels.
  init?(_ section: Section, labels: Set<String>) {
    let botID = section.requiredString("bot_id")
    let credentials = KoreCredentials(section)
    apiVersion = section.integer("api_version", in: 1...2) ?? 1
    timezone = section.zone("timezone") ?? .utc
    channels = KoreConfiguration.channels(section)
    widgets = KoreConfiguration.widgets(section, labels)
    guard let botID, let credentials else { return nil }
    self.botID = botID
    self.credentials = credentials
  }

  private static func widgets(_ section: Section, _ labels: Set<String>) -> [KoreWidget] {
    var names = MappedNames()
    return (section.sections("widgets") ?? []).compactMap { entry in
      KoreWidget(entry, labels: labels, &names)
    }
  }

  private static func channels(_ section: Section) -> [Channel] {
    guard let named = section.strings("channels") else { return [Channel(name: "all", id: nil)] }
    if named.isEmpty {
      section.report("is empty: leave it out for one request for all channels", at: "channels")
    }
    var channels: [Channel] = []
    for name in named {
      if name == "all" {
        section.report(
          "\"all\" is no channel but the label without channels: leave channels out for it",
          at: "channels"
        )
      } else if name.contains("@") {
        section.report("would put an e-mail address into the label channel", at: "channels")
      } else if channels.contains(where: { $0.name == name }) {
        section.report("names \(name) twice", at: "channels")
      } else {
        channels.append(Channel(name: name, id: name))
      }
    }
    return channels
  }
}

extension KoreConfiguration {
  /// The header fields of a request, with a fresh token.
  ///
  /// The samples of both vendor pages send `content-type: application/json` with every request, with
  /// a widget's GET too.
  func fields(now: Double, endpoint: String) throws(CollectionError) -> [HTTPField] {
    do {
      return [
        HTTPField("auth", try credentials.header(now: now)),
        HTTPField("Content-Type", "application/json"), HTTPField("Accept", "application/json"),
      ]
    } catch let error as TransportError {
      throw CollectionError(.auth, endpoint: endpoint, error.message)
    } catch {
      throw CollectionError(.auth, endpoint: endpoint, "\(error)")
    }
  }
}
