private import CLinux

/// What this build is.
public enum Version {
  /// The release.
  public static let number = "0.1.0"

  /// The commit, given at build time by `-Xcc -DCX_REVISION='"…"'`; `unknown` otherwise.
  public static var revision: String {
    unsafe String(cString: cx_revision())
  }

  /// The compiler's version.
  public static let swift: String = {
    #if compiler(>=6.5)
    "6.5 or later"
    #elseif compiler(>=6.4)
    "6.4"
    #else
    "6.3"
    #endif
  }()

  /// What `--version` prints, as Prometheus' exporters do.
  public static var text: String {
    """
    cx_exporter, version \(number) (revision: \(revision))
      swift version: \(swift)
    """
  }

  /// The `User-Agent` of the agent's requests.
  static let userAgent = "cx_exporter/\(number)"
}
