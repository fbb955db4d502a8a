import CollectorKit

/// A failure's reason in words for whoever is on duty: what happened, and what to do.
struct FailureWords: Sendable {
  let whatHappened: String
  let whatToDo: String

  init(_ reason: FailureReason) {
    (whatHappened, whatToDo) =
      switch reason {
      case .auth:
        (
          "The vendor refused the credentials, or a secret file cannot be read.",
          "Check the key, and who may read its file; it is tried again once an interval."
        )
      case .rateLimited:
        (
          "The vendor says that too many requests were sent.",
          "See who else uses the same key; set rate_limit to what the vendor allows."
        )
      case .timeout:
        (
          "The vendor did not answer in time.",
          "Check the network and the proxy; raise timeout where the vendor is slow."
        )
      case .connection:
        (
          "The vendor could not be reached, or the connection broke.",
          "Check the url, the network, the proxy and the name's resolution."
        )
      case .tls:
        (
          "The TLS handshake failed, or the vendor's certificate was refused.",
          "Check tls_config, the machine's certificates and its clock."
        )
      case .httpStatus:
        (
          "The vendor, or a proxy or firewall before it, answered with an error status or a redirect.",
          "Check the target's url and the proxy; a 5xx is the server's own trouble."
        )
      case .decode:
        (
          "The answer is not what the vendor's documents describe.",
          "Look for a login page or a proxy in between, or a change of the vendor's API."
        )
      case .vendorError:
        (
          "The vendor answered that it failed.",
          "Its own words are below."
        )
      case .tooLarge:
        (
          "The answer was larger than max_response_size.",
          "Raise max_response_size, or ask for less."
        )
      case .budget:
        (
          "The request budget had no room in time.",
          "Poll less often, ask for less, or give the target a key of its own."
        )
      }
  }
}
