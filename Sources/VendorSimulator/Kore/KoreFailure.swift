import HTTPListener

/// Kore.ai's error envelope, whose code is its own and not HTTP's.
enum KoreFailure {
  static func json(
    _ status: Int,
    _ code: Int,
    _ message: String,
    fields: [(name: String, value: String)] = []
  ) -> HTTPResponse {
    .json(
      status,
      ["errors": [["msg": .string(message), "code": .integer(code)]]],
      fields: fields
    )
  }
}
