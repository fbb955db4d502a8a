// swift-tools-version: 6.3
import PackageDescription

#if canImport(Glibc)
import Glibc
#endif

/// One strictness for every target: what compiles here has no warning and no unmarked unsafe use.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("InferIsolatedConformances"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

/// What is no hot loop is built for size: the whole agent is to stay a small binary.
let compact = strict + [.unsafeFlags(["-Osize"], .when(configuration: .release))]

/// The toolchain's own linker leaves out what is not used or stands twice; the table of addresses that
/// are fixed at each start takes a megabyte less where the C library reads its packed form.
var linking = ["-use-ld=lld"]
for option in ["--gc-sections", "--icf=all", "--no-export-dynamic"] {
  linking += ["-Xlinker", option]
}
#if canImport(Glibc)
var version = [CChar](repeating: 0, count: 32)
confstr(Int32(_CS_GNU_LIBC_VERSION), &version, version.count)  // glibc 2.36
let words = String(decoding: version.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self).split(
  separator: " "
)
if let minor = words.last?.split(separator: ".").last.flatMap({ Int($0) }), minor >= 36 {
  linking += ["-Xlinker", "-z", "-Xlinker", "pack-relative-relocs"]
}
#endif

func library(
  _ name: String,
  _ dependencies: [Target.Dependency] = [],
  settings: [SwiftSetting] = compact
) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ more: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: "\(name)Tests",
    dependencies: [.byName(name: name), "TestSupport"] + more,
    swiftSettings: strict
  )
}

let package = Package(
  name: "cx_exporter",
  products: [.executable(name: "cx_exporter", targets: ["cx_exporter"])],
  targets: [
    .systemLibrary(name: "CCrypt", pkgConfig: "libcrypt", providers: [.apt(["libcrypt-dev"])]),
    .systemLibrary(
      name: "CCurl",
      pkgConfig: "libcurl",
      providers: [.apt(["libcurl4-openssl-dev"])]
    ),
    .systemLibrary(name: "CLinux"),
    .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

    library("Exposition", settings: strict),
    library("Logging"),
    library("ConfigurationFile", ["CYAML"]),
    library(
      "HTTPListener",
      ["CCrypt", "CLinux", "COpenSSL", "CZlib", "Logging"],
      settings: strict
    ),
    library("HTTPTransport", ["CCurl", "CLinux", "COpenSSL", "CZlib", "Logging"]),
    library("Ledger", ["CLinux", "CZlib", "Exposition", "Logging"]),
    library(
      "CollectorKit",
      ["CLinux", "ConfigurationFile", "Exposition", "HTTPTransport", "Ledger", "Logging"]
    ),
    library(
      "Collectors",
      ["CollectorKit", "ConfigurationFile", "Exposition", "HTTPTransport", "Ledger"]
    ),
    library("Scheduling", ["CollectorKit", "Exposition", "HTTPTransport", "Ledger", "Logging"]),
    library("VendorSimulator", ["HTTPListener", "Logging"]),
    library(
      "ExporterCore",
      [
        "CLinux", "COpenSSL", "CollectorKit", "Collectors", "ConfigurationFile", "Exposition",
        "HTTPListener", "HTTPTransport", "Ledger", "Logging", "Scheduling", "VendorSimulator",
      ]
    ),
    .executableTarget(
      name: "cx_exporter",
      dependencies: ["ExporterCore"],
      swiftSettings: strict,
      linkerSettings: [.unsafeFlags(linking, .when(configuration: .release))]
    ),

    .executableTarget(
      name: "RowsBenchmark",
      dependencies: ["CollectorKit", "Exposition", "HTTPTransport"],
      path: "Tests/Benchmarks/rows",
      swiftSettings: strict
    ),
    .executableTarget(
      name: "EncodeBenchmark",
      dependencies: ["Exposition"],
      path: "Tests/Benchmarks/http/encode",
      swiftSettings: strict
    ),

    .target(name: "CThreadSanitizer", path: "Tests/CThreadSanitizer"),
    .target(
      name: "TestSupport",
      dependencies: [
        "CLinux", "CThreadSanitizer", "CollectorKit", "HTTPTransport", "Ledger", "Logging",
      ],
      path: "Tests/TestSupport",
      swiftSettings: strict
    ),
    tests("Exposition"),
    tests("Logging"),
    tests("ConfigurationFile"),
    tests("HTTPListener", ["CLinux", "CZlib", "Logging"]),
    tests("HTTPTransport", ["CLinux", "CZlib", "Logging"]),
    tests("Ledger", ["CLinux", "Exposition", "Logging"]),
    tests(
      "CollectorKit",
      ["ConfigurationFile", "Exposition", "HTTPTransport", "Ledger", "Logging"]
    ),
    tests(
      "Collectors",
      ["CollectorKit", "ConfigurationFile", "Exposition", "HTTPTransport", "Ledger", "Logging"]
    ),
    tests(
      "Scheduling",
      ["CollectorKit", "Exposition", "HTTPTransport", "Ledger", "Logging"]
    ),
    tests("VendorSimulator", ["HTTPListener", "HTTPTransport", "Logging"]),
    tests(
      "ExporterCore",
      [
        "CLinux", "CollectorKit", "ConfigurationFile", "Exposition", "HTTPListener",
        "HTTPTransport", "Ledger", "Logging", "Scheduling", "VendorSimulator",
      ]
    ),
  ]
)

/// The fuzzers need a sanitizer in every target: `Tests/Fuzz/run` alone asks for them.
if Context.environment["CX_FUZZ"] != nil {
  package.targets += [
    .systemLibrary(name: "CLibFuzzer", path: "Tests/Fuzz/CLibFuzzer"),
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "CLibFuzzer", "CollectorKit", "Collectors", "ConfigurationFile", "ExporterCore",
        "Exposition", "HTTPListener", "HTTPTransport", "Ledger", "Logging", "Scheduling",
        "TestSupport",
      ],
      path: "Tests/Fuzz/Targets",
      swiftSettings: strict
    ),
  ]
}
