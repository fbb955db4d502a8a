import CollectorKit

/// The answer of a live endpoint: figures as members of the answer, or as a list of `totalizers`.
struct RocketChatLivePayload: Decodable, Sendable {
  /// True in a success, false in an error's envelope.
  let success: Bool?
  /// The answer's own members by name.
  let members: [String: RocketChatFigure]
  /// The entries of `totalizers` by title; nil where there is no such list.
  let totalizers: [String: RocketChatFigure]?
  /// The titles that the list has twice with two values, of which the last is taken.
  let repeated: [String]

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: AnyKey.self)
    success = try? container.decode(Bool.self, forKey: AnyKey("success"))
    var members: [String: RocketChatFigure] = [:]
    for key in container.allKeys {
      members[key.stringValue] = try container.decode(RocketChatFigure.self, forKey: key)
    }
    self.members = members
    let entries = try container.decodeIfPresent([Totalizer].self, forKey: AnyKey("totalizers"))
    var repeated: [String] = []
    totalizers = entries.map { entries in
      entries.reduce(into: [:]) { list, entry in
        if let first = list[entry.title], first != entry.value { repeated.append(entry.title) }
        list[entry.title] = entry.value
      }
    }
    self.repeated = repeated
  }

  private struct Totalizer: Decodable {
    let title: String
    let value: RocketChatFigure

    enum Key: String, CodingKey { case title, value }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      title = try container.decode(String.self, forKey: .title)
      value = try container.decodeIfPresent(RocketChatFigure.self, forKey: .value) ?? .absent
    }
  }
}
