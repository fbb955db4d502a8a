/// What every section and value of one decoding shares.
struct DecodingContext {
  /// Relative paths start here.
  let folder: String
  let diagnostics: Diagnostics
}
