/// What every section and value of one decoding shares.
struct DecodingContext {
  /// Relative paths start here.
  let folder: String
  /// Where the service manager puts the process's credentials; nil where it has none.
  let credentials: String?
  let diagnostics: Diagnostics
}
