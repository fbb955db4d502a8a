/// What every section and value of one decoding shares.
struct DecodingContext {
  /// Relative paths start here.
  let folder: String
  /// Whether a key without a value counts as absent, as in Go's YAML.
  let nullIsAbsent: Bool
  let diagnostics: Diagnostics
}
