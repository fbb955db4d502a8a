/// Why libyaml refused a text.
///
/// Its messages are constants: they never quote the text.
struct YAMLSyntaxError: Error {
  let message: String
  let mark: Mark
}
