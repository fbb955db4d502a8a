extension Section {
  /// A secret: `KEY` itself, or a file named by `KEY_file`; both are an error.
  ///
  /// A file is opened here once, so that one that is missing, empty or unreadable is told at
  /// once, and one that its group or others have access to gets a warning.
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
    guard let text = text() else { return nil }
    let secret = Secret(text)
    do {
      _ = try secret.value()
    } catch {
      report(error.reason)
      return nil
    }
    return secret
  }

  /// A secret in a file that can be read now.
  func secretFile() -> Secret? {
    guard let path = filePath() else { return nil }
    do {
      let mode = try Secret.read(path).mode
      // systemd.exec(5): a credential's access list, which is for its service alone, shows in the
      // group's bits.
      let isCredential = context.credentials.map { path.hasPrefix($0 + "/") } ?? false
      if mode & (isCredential ? 0o007 : 0o077) != 0 {
        let octal = String(mode & 0o777, radix: 8)
        let message = """
          \(Excerpt.path(path)) has mode 0\(octal); only its owner should have access (chmod 600)
          """
        context.diagnostics.warn(message, at: node.mark, keyPath: self.path)
      }
    } catch {
      report(error.description)
      return nil
    }
    return Secret(file: path)
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
