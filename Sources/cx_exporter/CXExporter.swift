import ExporterCore
private import FoundationEssentials
private import Glibc

@main
enum CXExporter {
  static func main() async {
    let status = await Program.run(environment: ProcessInfo.processInfo.environment)
    exit(status.rawValue)
  }
}
