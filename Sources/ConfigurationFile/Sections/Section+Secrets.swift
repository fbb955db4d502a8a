extension Section {
  /// A secret: `KEY` itself, or a file named by `KEY_file`; both are an error.
  ///
  /// A file is opened here once, so that one that is missing, blank or unreadable is an error at
  /// once, and one that others than its owner and group can read gets a warning.
  public func secret(_ key: String) -> Secret? {
    let fileKey = key + "_file"
    let (value, file) = (field(key), field(fileKey))
    switch (value, file) {
    case (nil, nil): return nil
    case (let value?, nil): return value.secret()
    case (nil, let file?): return file.secretFile()
    case (_?, _?):
      let isFileLast = mark(of: key) < mark(of: fileKey)
      let (last, first) = isFileLast ? (fileKey, key) : (key, fileKey)
      value?.hideSecret()
      report("\(Excerpt.quoted(first)) is given as well; give only one of the two", at: last)
      return nil
    }
  }

  /// A secret that must be given, by one key or the other.
  public func requiredSecret(_ key: String) -> Secret? {
    guard has(key) || has(key + "_file") else {
      reportMissing(key, "; give \(Excerpt.quoted(key)) or \(Excerpt.quoted(key + "_file"))")
      return nil
    }
    return secret(key)
  }

  /// A list of secrets given directly; nil if any is wrong.
  public func secrets(_ key: String) -> [Secret]? {
    let expected = "a list of texts"
    guard let fields = field(key)?.hidingScalar(expected)?.items(expected) else { return nil }
    let secrets = fields.compactMap { $0.secret() }
    return secrets.count == fields.count ? secrets : nil
  }

  /// A text of several lines that no message shows, such as a key in PEM; nil if it is empty.
  public func hiddenText(_ key: String) -> String? {
    guard let field = field(key) else { return nil }
    field.hideSecret()
    return field.text().flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The path of a file in PEM, made absolute from the configuration's folder.
  ///
  /// The file need not exist yet; one that no library could read is an error at once.
  public func pemPath(_ key: String) -> String? {
    guard let field = field(key), let path = field.filePath() else { return nil }
    guard let contents = try? FileContents(path: path, limit: 4 << 20, regularOnly: true) else {
      return path
    }
    let start = "-----BEGIN "
    if contents.bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      field.report("\(Excerpt.path(path)) begins with a byte order mark; save it without one")
    } else if !String(decoding: contents.bytes, as: UTF8.self).contains(start) {
      field.report("\(Excerpt.path(path)) has no PEM in it, which begins with \"\(start)\"")
    }
    return path
  }

  /// A mapping of names to secrets in the file's order, with the place of each name, as for
  /// headers and password hashes; nil if any is wrong.
  public func secretMap(_ key: String) -> [(name: String, value: Secret, mark: Mark)]? {
    let expected = "a mapping of names to texts"
    guard let entries = field(key)?.hidingScalar(expected)?.entries(expected) else { return nil }
    var pairs: [(name: String, value: Secret, mark: Mark)] = []
    for (entry, field) in entries {
      guard let value = field.secret() else { continue }
      pairs.append((entry.key, value, entry.keyMark))
    }
    return pairs.count == entries.count ? pairs : nil
  }

  /// A list of files with one secret each, checked as `secret(_:)` does; nil if any is wrong.
  public func secretFiles(_ key: String) -> [Secret]? {
    list(key, "a list of paths") { $0.secretFile() }
  }
}

extension Field {
  /// A secret given directly; no message shows it.
  func secret() -> Secret? {
    hideSecret()
    guard let scalar = scalar("text") else { return nil }
    let secret = Secret(scalar.text)
    do {
      _ = try secret.value()
    } catch {
      report(error.reason)
      return nil
    }
    let hasEscape = !scalar.isSubstituted && scalar.source.contains("$$")
    if UnexpandedVariable.isFound(in: scalar.text, hasEscapedDollar: hasEscape) {
      warnUnexpanded()
    }
    return secret
  }

  /// A secret in a file that can be read now.
  func secretFile() -> Secret? {
    guard let path = filePath() else { return nil }
    do {
      let (text, mode) = try Secret.read(path)
      // Its group may read it: that is how Kubernetes' fsGroup hands secrets to a user, and how
      // the access list of systemd's credentials (systemd.exec(5)) shows.
      if mode & 0o037 != 0 {
        let octal = String(mode & 0o777, radix: 8)
        let message = """
          \(Excerpt.path(path)) has mode 0\(octal); only its owner should have access (chmod 600)
          """
        context.diagnostics.warn(message, at: node.mark, keyPath: self.path)
      }
      if UnexpandedVariable.isFound(in: text) {
        let message = """
          \(Excerpt.path(path)) holds what looks like a variable or placeholder that was not \
          replaced; its text is sent as it is
          """
        context.diagnostics.warn(message, at: node.mark, keyPath: self.path)
      }
    } catch {
      report(error.description)
      return nil
    }
    return Secret(file: path)
  }

  /// Records that the value looks like a placeholder, without showing it.
  func warnUnexpanded() {
    let message =
      "looks like a variable or placeholder that was not replaced; "
      + "write ${NAME} for an environment variable, $$ for a dollar"
    context.diagnostics.warn(message, at: node.mark, keyPath: path)
  }

  /// The field itself where secrets are due below it, but nil for a text, which is a secret in
  /// the wrong place: the error must not show it.
  func hidingScalar(_ expected: String) -> Field? {
    guard case .scalar = node.content, !node.isNull else { return self }
    hideSecret()
    report("must be \(expected)")
    return nil
  }

  /// Keeps the value out of whatever shows the file.
  func hideSecret() {
    context.diagnostics.markSecret(at: node.mark)
  }
}
