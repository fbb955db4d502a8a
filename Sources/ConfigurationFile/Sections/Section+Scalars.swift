extension Section {
  /// A text, which may be empty; plain numbers and booleans are taken as their text.
  public func string(_ key: String) -> String? {
    field(key)?.text()
  }

  /// A text that must be there and must not be empty.
  public func requiredString(_ key: String) -> String? {
    guard let field = field(key) else {
      reportMissing(key)
      return nil
    }
    guard let text = field.nonEmptyText() else { return nil }
    // What names an account is refused by the vendor as a wrong key is.
    if UnexpandedVariable.isWhole(text) { field.warnUnexpanded() }
    return text
  }

  /// A whole decimal number.
  public func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
    field(key)?.integer(in: range)
  }

  /// A finite decimal number.
  public func number(_ key: String, in range: ClosedRange<Double>) -> Double? {
    field(key)?.number(in: range)
  }

  /// `true` or `false`, or YAML 1.1's `yes`, `no`, `on` and `off`.
  public func boolean(_ key: String) -> Bool? {
    field(key)?.boolean()
  }

  /// A duration in Prometheus' notation, such as `30s`, `5m` or `1h30m`.
  public func duration(_ key: String, in range: ClosedRange<Duration>) -> Duration? {
    field(key)?.duration(in: range)
  }

  /// A size in bytes, such as `8MiB`, `10MB` or `4096`.
  public func byteCount(_ key: String, in range: ClosedRange<Int>) -> Int? {
    field(key)?.byteCount(in: range)
  }

  /// One of a few words.
  public func choice(_ key: String, of allowed: [String]) -> String? {
    field(key)?.choice(of: allowed)
  }

  /// One of an enumeration's raw values.
  public func choice<T: RawRepresentable & CaseIterable>(
    _ key: String,
    as type: T.Type
  ) -> T? where T.RawValue == String {
    choice(key, of: type.allCases.map(\.rawValue)).flatMap { T(rawValue: $0) }
  }

  /// What a text stands for.
  ///
  /// - Parameters:
  ///   - key: The key.
  ///   - expected: The forms of the text, for the message.
  ///   - words: What a misspelt text may mean.
  ///   - parse: Reads a text; nil if it has none of the forms.
  /// - Returns: The value; nil if the key is absent or an error was recorded.
  public func choice<T>(
    _ key: String,
    _ expected: String,
    near words: [String],
    _ parse: (String) -> T?
  ) -> T? {
    field(key)?.choice(expected, near: words, parse)
  }

  /// An absolute URL with a host and without user, query and fragment.
  ///
  /// - Returns: The URL with scheme and host in lower case and without trailing slashes, so that a
  ///   path beginning with a slash can follow.
  public func url(_ key: String, schemes: [String]) -> String? {
    field(key)?.url(schemes: schemes)
  }

  /// A file's path, made absolute from the configuration's folder; the file need not exist.
  public func path(_ key: String) -> String? {
    field(key)?.filePath()
  }
}
