/// Writes a tree as YAML again, with `<secret>` where a secret stands.
///
/// Values that came from the environment are shown as the file has them, `${NAME}`.
struct RedactedText {
  private let secretMarks: Set<Mark>
  private(set) var text = ""

  /// The text of a tree whose scalars at these places are secrets.
  init(_ node: Node, secretMarks: Set<Mark>) {
    self.secretMarks = secretMarks
    write(node, indent: 0, isFirstInline: false)
  }

  /// Writes a node below or, for a list's item, beside what stands before it.
  private mutating func write(_ node: Node, indent: Int, isFirstInline: Bool) {
    let margin = String(repeating: " ", count: indent)
    switch node.content {
    case .scalar, .invalid:
      text += margin + inline(node) + "\n"
    case .sequence(let items):
      for (offset, item) in items.enumerated() {
        text += (offset == 0 && isFirstInline ? "" : margin) + "-"
        writeValue(item, indent: indent, isBesideDash: true)
      }
    case .mapping(let entries):
      for (offset, entry) in entries.enumerated() {
        text += (offset == 0 && isFirstInline ? "" : margin) + Self.key(entry.key) + ":"
        writeValue(entry.value, indent: indent, isBesideDash: false)
      }
    }
  }

  private mutating func writeValue(_ node: Node, indent: Int, isBesideDash: Bool) {
    let inline = inline(node)
    guard inline.isEmpty, !node.isNull else {
      text += (inline.isEmpty ? "" : " ") + inline + "\n"
      return
    }
    text += isBesideDash ? " " : "\n"
    write(node, indent: indent + 2, isFirstInline: isBesideDash)
  }

  /// What fits behind a key or a dash; empty for a list or mapping with something in it.
  private func inline(_ node: Node) -> String {
    switch node.content {
    case .sequence(let items): items.isEmpty ? "[]" : ""
    case .mapping(let entries): entries.isEmpty ? "{}" : ""
    case .invalid: "null"
    case .scalar(let scalar):
      if secretMarks.contains(node.mark), !node.isNull {
        "<secret>"
      } else if scalar.isPlain, !scalar.source.contains(where: \.isNewline) {
        scalar.source
      } else {
        Self.doubleQuoted(scalar.source)
      }
    }
  }

  private static func key(_ key: String) -> String {
    let isSimple = key.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    return isSimple ? key : doubleQuoted(key)
  }

  /// YAML 1.1, section 9.1: any text can be written so.
  private static func doubleQuoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      default:
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator:
          let digits = String(scalar.value, radix: 16)
          quoted += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
        default: quoted += String(scalar)
        }
      }
    }
    return quoted + "\""
  }
}
