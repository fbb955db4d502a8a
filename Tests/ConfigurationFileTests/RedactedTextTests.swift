import ConfigurationFile
import Testing

/// The configuration as the `/config` page shows it.
@Suite struct RedactedTextTests {
  @Test func secretsAndVariablesStayHidden() throws {
    let text = """
      # a comment
      targets:
        - name: support
          api_key: sk-live
          url: https://${HOST}/
          labels: {brand: acme, "a b": 'x: y'}
          none: []
          empty: {}
          list: [a, [b, c], {d: 1}]
          nothing:
          note: "two\\nlines"
        - {name: "5", tokens: [t1, t2], users: {bob: hash}}
      """
    let document = try ConfigurationDocument(
      text: text,
      file: "c.yaml",
      environment: ["HOST": "inner.example"]
    )
    let diagnostics = Diagnostics(file: "c.yaml")
    for target in document.root(diagnostics).sections("targets") ?? [] {
      _ = target.secret("api_key")
      _ = target.secrets("tokens")
      _ = target.secretMap("users")
    }
    let shown = document.redactedText(diagnostics)
    #expect(
      shown == """
        targets:
          - name: support
            api_key: <secret>
            url: https://${HOST}/
            labels:
              brand: acme
              "a b": "x: y"
            none: []
            empty: {}
            list:
              - a
              - - b
                - c
              - d: 1
            nothing:
            note: "two\\nlines"
          - name: "5"
            tokens:
              - <secret>
              - <secret>
            users:
              bob: <secret>

        """
    )
    // What is shown is YAML, and shows itself again.
    let again = try ConfigurationDocument(text: shown, file: "c.yaml", environment: nil)
    #expect(again.redactedText(Diagnostics(file: "c.yaml")) == shown)
  }
}
