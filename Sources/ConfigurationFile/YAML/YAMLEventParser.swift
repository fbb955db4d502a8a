private import CYAML

/// libyaml's event parser over a text in memory.
///
/// The C parser keeps pointers to itself and to the text, so both live at fixed addresses here.
@safe
final class YAMLEventParser {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let input: UnsafeMutableBufferPointer<UInt8>
  private let bytes: [UInt8]

  /// A parser of UTF-8 text without a byte order mark; nil if there is no memory for it.
  init?(_ bytes: [UInt8]) {
    self.bytes = bytes
    unsafe input = .allocate(capacity: bytes.count)
    unsafe parser = .allocate(capacity: 1)
    unsafe parser.initialize(to: yaml_parser_t())
    _ = unsafe input.initialize(from: bytes)
    guard unsafe yaml_parser_initialize(parser) == 1 else { return nil }
    unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    unsafe yaml_parser_set_input_string(parser, input.baseAddress, input.count)
  }

  deinit {
    unsafe yaml_parser_delete(parser)
    unsafe parser.deallocate()
    unsafe input.deallocate()
  }

  /// The next event; nothing may be asked after the end of the stream or an error.
  func next() throws(YAMLSyntaxError) -> YAMLEvent {
    var event = unsafe yaml_event_t()
    guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw syntaxError() }
    defer { unsafe yaml_event_delete(&event) }
    return unsafe Self.translate(event)
  }

  private static func translate(_ event: yaml_event_t) -> YAMLEvent {
    let mark = unsafe Mark(event.start_mark)
    switch unsafe event.type {
    case YAML_STREAM_START_EVENT: return YAMLEvent(kind: .streamStart, mark: mark)
    case YAML_DOCUMENT_START_EVENT: return YAMLEvent(kind: .documentStart, mark: mark)
    case YAML_DOCUMENT_END_EVENT: return YAMLEvent(kind: .documentEnd, mark: mark)
    case YAML_ALIAS_EVENT: return YAMLEvent(kind: .alias, mark: mark)
    case YAML_SEQUENCE_END_EVENT: return YAMLEvent(kind: .sequenceEnd, mark: mark)
    case YAML_MAPPING_END_EVENT: return YAMLEvent(kind: .mappingEnd, mark: mark)
    case YAML_SEQUENCE_START_EVENT:
      return unsafe YAMLEvent(
        kind: .sequenceStart,
        mark: mark,
        tag: text(event.data.sequence_start.tag),
        hasAnchor: event.data.sequence_start.anchor != nil
      )
    case YAML_MAPPING_START_EVENT:
      return unsafe YAMLEvent(
        kind: .mappingStart,
        mark: mark,
        tag: text(event.data.mapping_start.tag),
        hasAnchor: event.data.mapping_start.anchor != nil
      )
    case YAML_SCALAR_EVENT:
      let scalar = unsafe event.data.scalar
      let value = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      return unsafe YAMLEvent(
        kind: .scalar(
          text: String(decoding: value, as: UTF8.self),
          isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE
        ),
        mark: mark,
        tag: text(scalar.tag),
        hasAnchor: scalar.anchor != nil
      )
    default:
      // YAML_STREAM_END_EVENT; YAML_NO_EVENT is what a finished parser answers.
      return YAMLEvent(kind: .streamEnd, mark: mark)
    }
  }

  private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    unsafe pointer.map { unsafe String(cString: $0) }
  }

  private func syntaxError() -> YAMLSyntaxError {
    let state = unsafe parser.pointee
    let problem = unsafe state.problem.map { unsafe String(cString: $0) }
    switch unsafe state.error {
    case YAML_MEMORY_ERROR:
      return YAMLSyntaxError(
        message: "not enough memory to read it",
        mark: .init(line: 1, column: 1)
      )
    case YAML_READER_ERROR:
      // The reader knows offsets only.
      let mark = unsafe Mark(offset: Int(state.problem_offset), in: bytes)
      return YAMLSyntaxError(message: "not valid YAML: " + (problem ?? "unreadable"), mark: mark)
    default:
      let mark = unsafe Mark(state.problem_mark)
      var message = "not valid YAML: " + (problem ?? "cannot be parsed")
      if let context = unsafe state.context.map({ unsafe String(cString: $0) }) {
        message += " " + context
        let start = unsafe Mark(state.context_mark)
        if start.line != mark.line { message += " (begun at line \(start.line))" }
      }
      let index = unsafe Int(state.problem_mark.index)
      if byte(atScalar: index) == UInt8(ascii: "\t") {
        message += "; a tab cannot indent YAML, use spaces"
      }
      return YAMLSyntaxError(message: message, mark: mark)
    }
  }

  /// The first byte of the text's nth Unicode scalar, which is how libyaml's marks count.
  private func byte(atScalar index: Int) -> UInt8? {
    bytes.lazy.filter { $0 & 0b1100_0000 != 0b1000_0000 }.dropFirst(index).first
  }
}

extension Mark {
  /// libyaml counts from 0.
  fileprivate init(_ mark: yaml_mark_t) {
    self.init(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
  }
}
