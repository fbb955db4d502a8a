extension Section {
  /// A list of texts, none of them empty; nil if any is wrong.
  public func strings(_ key: String) -> [String]? {
    list(key, "a list of texts") { $0.nonEmptyText() }
  }

  /// A list of files' paths, made absolute from the configuration's folder; nil if any is wrong.
  public func paths(_ key: String) -> [String]? {
    list(key, "a list of paths") { $0.filePath() }
  }

  /// A list of words out of a few, none of them twice; nil if any is wrong.
  public func choices(_ key: String, of allowed: [String]) -> [String]? {
    choices(key, Excerpt.alternatives(allowed), near: allowed) { allowed.contains($0) ? $0 : nil }
  }

  /// A list of texts that each stand for something, nothing of it twice; nil if any is wrong.
  ///
  /// - Parameters:
  ///   - key: The key.
  ///   - expected: The forms of a text, for the message.
  ///   - words: What a misspelt text may mean.
  ///   - parse: Reads a text; nil if it has none of the forms.
  /// - Returns: The values; nil if the key is absent or an error was recorded.
  public func choices<T: Hashable>(
    _ key: String,
    _ expected: String,
    near words: [String],
    _ parse: (String) -> T?
  ) -> [T]? {
    var seen: [T: String] = [:]
    return list(key, "a list of " + expected) { field in
      guard let value = field.choice(expected, near: words, parse) else { return nil }
      let text = field.text() ?? ""
      guard let earlier = seen.updateValue(text, forKey: value) else { return value }
      field.report(
        earlier == text
          ? "\(Excerpt.quoted(text)) is in the list twice"
          : "\(Excerpt.quoted(text)) is the same as \(Excerpt.quoted(earlier))"
      )
      return nil
    }
  }

  /// A list of an enumeration's raw values, none of them twice; nil if any is wrong.
  public func choices<T: RawRepresentable & CaseIterable>(
    _ key: String,
    as type: T.Type
  ) -> [T]? where T.RawValue == String {
    choices(key, of: type.allCases.map(\.rawValue))?.compactMap { T(rawValue: $0) }
  }

  /// A mapping of names to texts in the file's order, with the place of each name.
  ///
  /// Values may be empty where they are quoted; nil if any is wrong.
  public func stringMap(_ key: String) -> [(name: String, value: String, mark: Mark)]? {
    guard let map = field(key), var entries = map.entries("a mapping of names to texts") else {
      return nil
    }
    if map.context.nullIsAbsent { entries.removeAll { $0.field.node.isNull } }
    var pairs: [(name: String, value: String, mark: Mark)] = []
    for (entry, field) in entries {
      guard let value = field.text() else { continue }
      pairs.append((entry.key, value, entry.keyMark))
    }
    return pairs.count == entries.count ? pairs : nil
  }

  /// A mapping below this one.
  public func section(_ key: String) -> Section? {
    field(key)?.section()
  }

  /// A list of mappings; items that are none are reported and left out, the others still decoded.
  public func sections(_ key: String) -> [Section]? {
    field(key)?.items("a list of mappings")?.compactMap { $0.section() }
  }

  /// A mapping of names to mappings in the file's order; wrong ones are reported and left out.
  public func namedSections(_ key: String) -> [(name: String, section: Section)]? {
    field(key)?.entries("a mapping of names to mappings")?.compactMap { entry, field in
      field.section().map { (entry.key, $0) }
    }
  }

  /// Decodes every item before it gives up, so that all errors are told.
  func list<Item>(
    _ key: String,
    _ expected: String,
    _ decode: (Field) -> Item?
  ) -> [Item]? {
    guard let fields = field(key)?.items(expected) else { return nil }
    let items = fields.compactMap(decode)
    return items.count == fields.count ? items : nil
  }
}
