extension Field {
  /// Any scalar's text: YAML's plain `5` and `true` are text where text is wanted.
  func text() -> String? {
    scalar("text")?.text
  }

  func nonEmptyText() -> String? {
    guard let text = text() else { return nil }
    guard !text.isEmpty else {
      report("is empty")
      return nil
    }
    return text
  }

  func integer(in range: ClosedRange<Int>) -> Int? {
    let expected = "a whole number"
    guard let text = scalar(expected)?.text else { return nil }
    guard Self.isInteger(text) else {
      reportMismatch(expected)
      return nil
    }
    // Digits that are no Int are beyond every range.
    guard let value = Int(text), range.contains(value) else {
      let lower = range.lowerBound == .min ? nil : "\(range.lowerBound)"
      let upper = range.upperBound == .max ? nil : "\(range.upperBound)"
      reportOutOfRange(lower, upper)
      return nil
    }
    return value
  }

  func number(in range: ClosedRange<Double>) -> Double? {
    let expected = "a number"
    guard let text = scalar(expected)?.text else { return nil }
    let isDecimal = text.utf8.allSatisfy { "0123456789+-.eE".utf8.contains($0) }
    guard isDecimal, let value = Double(text), value.isFinite else {
      reportMismatch(expected)
      return nil
    }
    guard range.contains(value) else {
      let isOpenBelow = range.lowerBound <= -Double.greatestFiniteMagnitude
      let isOpenAbove = range.upperBound >= Double.greatestFiniteMagnitude
      reportOutOfRange(
        isOpenBelow ? nil : Self.text(range.lowerBound),
        isOpenAbove ? nil : Self.text(range.upperBound)
      )
      return nil
    }
    return value
  }

  func boolean() -> Bool? {
    let expected = "true or false"
    guard let text = scalar(expected)?.text else { return nil }
    switch text {
    case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": return true
    case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": return false
    default:
      reportMismatch(expected)
      return nil
    }
  }

  func duration(in range: ClosedRange<Duration>) -> Duration? {
    let expected = "a duration such as 30s, 5m or 1h30m"
    guard let text = scalar(expected)?.text else { return nil }
    guard let value = ConfigurationDuration.parse(text) else {
      reportMismatch(expected)
      return nil
    }
    guard range.contains(value) else {
      reportOutOfRange(
        ConfigurationDuration.text(range.lowerBound),
        ConfigurationDuration.text(range.upperBound)
      )
      return nil
    }
    return value
  }

  func byteCount(in range: ClosedRange<Int>) -> Int? {
    let expected = "a size such as 8MiB, 512KiB or 10MB"
    guard let text = scalar(expected)?.text else { return nil }
    guard let value = ByteCount.parse(text) else {
      reportMismatch(expected)
      return nil
    }
    guard range.contains(value) else {
      reportOutOfRange(
        range.lowerBound <= 0 ? nil : ByteCount.text(range.lowerBound),
        range.upperBound == .max ? nil : ByteCount.text(range.upperBound)
      )
      return nil
    }
    return value
  }

  func choice(of allowed: [String]) -> String? {
    choice(Excerpt.alternatives(allowed), near: allowed) { allowed.contains($0) ? $0 : nil }
  }

  /// What a text stands for: `expected` names its forms, `words` are what a misspelt one may mean.
  func choice<T>(_ expected: String, near words: [String], _ parse: (String) -> T?) -> T? {
    guard let text = scalar(expected)?.text else { return nil }
    if let value = parse(text) { return value }
    var message = "must be \(expected), not \(node.kind)"
    if let near = Suggestion.nearest(to: text, among: words) {
      message += "; did you mean \(Excerpt.quoted(near))?"
    }
    report(message)
    return nil
  }

  func url(schemes: [String]) -> String? {
    guard let text = nonEmptyText() else { return nil }
    do {
      return try AbsoluteURL(text, schemes: schemes).text
    } catch {
      report(error.mayBeShown ? "\(error.reason), not \(node.kind)" : error.reason)
      return nil
    }
  }

  /// A path made absolute from the configuration's folder.
  func filePath() -> String? {
    guard let text = nonEmptyText() else { return nil }
    guard !text.utf8.contains(0) else {
      report("must be a path without a NUL")
      return nil
    }
    return FilePath.absolute(text, in: context.folder)
  }

  private func reportOutOfRange(_ lower: String?, _ upper: String?) {
    let expected =
      switch (lower, upper) {
      case (let lower?, let upper?): "between \(lower) and \(upper)"
      case (let lower?, nil): "at least \(lower)"
      case (nil, let upper?): "at most \(upper)"
      case (nil, nil): "a number of 64 bits"
      }
    reportMismatch(expected)
  }

  /// Decimal only: YAML 1.1 reads `010` as eight, which nobody means.
  private static func isInteger(_ text: String) -> Bool {
    let digits = text.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
    guard text.utf8.count - digits.count <= 1, let first = digits.first else { return false }
    guard digits.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else { return false }
    return first != UInt8(ascii: "0") || digits.count == 1
  }

  /// A bound as people write it: `1`, not `1.0`.
  private static func text(_ number: Double) -> String {
    Int(exactly: number).map { "\($0)" } ?? "\(number)"
  }
}
