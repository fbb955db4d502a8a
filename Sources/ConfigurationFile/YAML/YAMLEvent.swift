/// What libyaml's parser tells next.
struct YAMLEvent {
  enum Kind {
    case streamStart
    case streamEnd
    case documentStart
    case documentEnd
    case alias
    case scalar(text: String, isPlain: Bool)
    case sequenceStart
    case sequenceEnd
    case mappingStart
    case mappingEnd
  }

  let kind: Kind
  let mark: Mark
  /// The tag in full, such as `tag:yaml.org,2002:str`; nil where none was written.
  var tag: String?
  var hasAnchor = false
}
