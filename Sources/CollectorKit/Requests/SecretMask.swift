import HTTPTransport

/// Takes the secrets that a request carried out of the vendor's answer to it.
///
/// A vendor may quote what it was sent ("invalid key …"); its answers become log lines and label
/// values, where no secret may stand.
enum SecretMask {
  /// Shorter values are words that an answer may hold by chance.
  private static let shortestSecret = 6
  /// What these fields say is no secret.
  private static let openFields: Set<String> = ["accept", "content-type"]

  /// The body with every such value replaced; the body itself where it holds none.
  static func masked(_ body: [UInt8], fields: [HTTPField]) -> [UInt8] {
    var result = body
    for field in fields where !openFields.contains(field.name.lowercased()) {
      let secret = Array(field.value.utf8)
      guard secret.count >= shortestSecret else { continue }
      let places = occurrences(of: secret, in: result)
      for place in places.reversed() {
        result.replaceSubrange(place..<(place + secret.count), with: "<secret>".utf8)
      }
    }
    return result
  }

  /// Where the secret begins, each place once; a plain scan, for nearly every answer holds none.
  private static func occurrences(of secret: [UInt8], in body: [UInt8]) -> [Int] {
    var places: [Int] = []
    var index = 0
    while index + secret.count <= body.count {
      if body[index] == secret[0], body[index..<(index + secret.count)].elementsEqual(secret) {
        places.append(index)
        index += secret.count
      } else {
        index += 1
      }
    }
    return places
  }
}
