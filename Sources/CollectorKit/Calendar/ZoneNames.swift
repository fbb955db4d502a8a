import ConfigurationFile
private import FoundationEssentials

/// The names of the compiled zones in a folder, and what somebody probably meant by another one.
struct ZoneNames {
  /// Spellings that IANA has replaced (file `backward` of the tz database).
  ///
  /// Some systems have them in a package of their own. Samespace's page has the first.
  static let renamed = [
    "Asia/Calcutta": "Asia/Kolkata", "Asia/Katmandu": "Asia/Kathmandu",
    "Asia/Ashkhabad": "Asia/Ashgabat", "Asia/Chungking": "Asia/Shanghai",
    "Asia/Dacca": "Asia/Dhaka", "Asia/Macao": "Asia/Macau", "Asia/Rangoon": "Asia/Yangon",
    "Asia/Saigon": "Asia/Ho_Chi_Minh", "Asia/Thimbu": "Asia/Thimphu",
    "Asia/Ujung_Pandang": "Asia/Makassar", "Asia/Ulan_Bator": "Asia/Ulaanbaatar",
    "America/Godthab": "America/Nuuk", "Atlantic/Faeroe": "Atlantic/Faroe",
    "Europe/Kiev": "Europe/Kyiv",
  ]

  /// Sorted.
  let all: [String]

  /// Looks into the folder; zones and areas begin with a capital, unlike `posix` and `zone.tab`.
  init(directory: String) {
    var names: [String] = []
    var folders = [""]
    while let folder = folders.popLast() {
      let path = directory + "/" + folder
      for entry in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] {
        guard let first = entry.utf8.first, (0x41...0x5A).contains(first), entry != "Factory" else {
          continue
        }
        var isFolder = false
        _ = FileManager.default.fileExists(atPath: path + "/" + entry, isDirectory: &isFolder)
        if isFolder { folders.append(folder + entry + "/") } else { names.append(folder + entry) }
      }
    }
    all = names.sorted()
  }

  /// The names that may have been meant, the likeliest first; empty if none is near.
  func suggestions(for name: String) -> [String] {
    let wanted = name.lowercased().map { $0 == " " ? "_" : $0 }
    let city = String(wanted)
    // The right city in the wrong area, or without one.
    let last = city.split(separator: "/").last.map(String.init) ?? city
    let near =
      all.first { $0.lowercased() == city }
      ?? all.first { $0.lowercased().hasSuffix("/" + last) }
      // Of abbreviations every other one is near.
      ?? (name.utf8.count > 4 ? Suggestion.nearest(to: name, among: known) : nil)
    guard let near else { return [] }
    return [near] + (ZoneNames.renamed[near].map { [$0] } ?? [])
  }

  private var known: [String] { all + ZoneNames.renamed.keys.sorted() }
}
