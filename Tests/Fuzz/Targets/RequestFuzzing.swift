@testable import HTTPListener

/// The request parser: the same requests and the same refusal however the bytes arrive.
enum RequestFuzzing {
  private struct Reading: Equatable {
    var requests: [String] = []
    var refusal: Int?
  }

  static func run(_ bytes: [UInt8]) {
    let whole = read([bytes[...]])
    let single = read(bytes.indices.map { bytes[$0...$0] })
    require(whole == single, "\(whole) of the whole is \(single) byte by byte")
    // Between the two: pieces whose sizes the input decides.
    var pieces: [ArraySlice<UInt8>] = []
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + 1 + Int(bytes[start] % 61))
      pieces.append(bytes[start..<end])
      start = end
    }
    let odd = read(pieces)
    require(whole == odd, "\(whole) of the whole is \(odd) in pieces")
  }

  private static func read(_ pieces: [ArraySlice<UInt8>]) -> Reading {
    let limits = ListenerLimits()
    var parser = RequestParser(limits: limits)
    var reading = Reading()
    do {
      for piece in pieces {
        parser.append(piece)
        while let parsed = try parser.next() {
          check(parsed.request, limits)
          reading.requests.append("\(parsed)")
        }
      }
    } catch {
      require((400...599).contains(error.status), "refused with \(error.status)")
      reading.refusal = error.status
    }
    return reading
  }

  private static func check(_ request: HTTPRequest, _ limits: ListenerLimits) {
    require(request.body.count <= limits.maxBodyBytes, "a body of \(request.body.count) bytes")
    // The field that an absolute target stands for may come on top.
    require(request.fields.count <= limits.maxFields + 1, "\(request.fields.count) fields")
    require(request.path == "*" || request.path.hasPrefix("/"), "the path \(request.path)")
    require(!request.path.utf8.contains(0), "a NUL in the path")
    for (name, value) in request.fields {
      require(name.utf8.allSatisfy { ByteClass.isToken($0) }, "the field name \(name)")
      require(
        value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 },
        "a control character in the value of \(name)"
      )
    }
  }
}
