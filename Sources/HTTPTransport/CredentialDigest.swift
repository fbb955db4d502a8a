import COpenSSL

/// A name for a credential that tells it from others and does not give it away.
public enum CredentialDigest {
  /// The first 128 bits of the SHA-256 of a text, in hexadecimal digits.
  ///
  /// Keys and tokens are long and random, so that nobody can try them all.
  public static func text(of credential: String) -> String {
    let bytes = Array(credential.utf8)
    var digest = [UInt8](repeating: 0, count: 32)
    unsafe SHA256(bytes, bytes.count, &digest)
    return digest.prefix(16).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
