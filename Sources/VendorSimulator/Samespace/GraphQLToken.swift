/// A lexical token of GraphQL (October 2021 specification, section 2.1).
enum GraphQLToken: Equatable {
  case name(String)
  case string(String)
  case number(String)
  /// `{ } ( ) [ ] : $ ! = @ |` or `...`.
  case punctuator(String)

  static func tokens(of text: String) throws(GraphQLProblem) -> [GraphQLToken] {
    let bytes = Array(text.utf8)
    var tokens: [GraphQLToken] = []
    var index = 0
    func run(_ belongs: (UInt8) -> Bool) -> String {
      let start = index
      while index < bytes.count, belongs(bytes[index]) { index += 1 }
      return String(decoding: bytes[start..<index], as: UTF8.self)
    }
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"),
        UInt8(ascii: ","):
        index += 1
      case UInt8(ascii: "#"): _ = run { $0 != UInt8(ascii: "\n") }
      case UInt8(ascii: "\""):
        index += 1
        let content = run { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
          throw GraphQLProblem(message: "Syntax Error: Unterminated string.")
        }
        index += 1
        tokens.append(.string(content))
      case UInt8(ascii: "."):
        guard run({ $0 == UInt8(ascii: ".") }) == "..." else {
          throw GraphQLProblem(message: "Syntax Error: Unexpected \".\".")
        }
        tokens.append(.punctuator("..."))
      case let byte where isDigit(byte) || byte == UInt8(ascii: "-"):
        tokens.append(.number(run { isDigit($0) || "+-.eE".utf8.contains($0) }))
      case let byte where isNameStart(byte):
        tokens.append(.name(run { isNameStart($0) || isDigit($0) }))
      case let byte where "{}()[]:$!=@|".utf8.contains(byte):
        tokens.append(.punctuator(String(UnicodeScalar(byte))))
        index += 1
      default: throw GraphQLProblem(message: "Syntax Error: Unexpected character.")
      }
    }
    return tokens
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isNameStart(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
  }
}
