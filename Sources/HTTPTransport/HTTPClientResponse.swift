/// A vendor's whole answer.
public struct HTTPClientResponse: Sendable {
  /// The status code.
  public var status: Int
  /// The fields of the final answer, in order.
  public var fields: [HTTPField]
  /// The body after decompression.
  public var body: [UInt8]
  /// Why the body's content coding could not be undone; `body` is empty then.
  public var codingFault: String?

  /// An answer with its fields and body.
  public init(status: Int, fields: [HTTPField] = [], body: [UInt8] = []) {
    self.status = status
    self.fields = fields
    self.body = body
  }

  /// The first field with that name, whatever its case, or nil.
  public func field(_ name: String) -> String? {
    let wanted = name.lowercased()
    return fields.first { $0.name.lowercased() == wanted }?.value
  }
}
