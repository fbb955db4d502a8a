import CLibFuzzer
import ExporterCore
import Glibc

/// `fuzz TARGET [libFuzzer's flags and folders]`: hands inputs to one target until it fails.
@main enum Fuzz {
  static func main() {
    // Of the line only libFuzzer's part is left, behind the program's name.
    var words: [String]
    do {
      words = ["fuzz"] + (try ProcessArguments.read())
    } catch {
      print("fuzz: \(error.message)")
      exit(2)
    }
    let name = words.count > 1 ? words.remove(at: 1) : ""
    guard FuzzTarget.named(name) != nil else {
      let names = FuzzTarget.all.map(\.name).joined(separator: ", ")
      print("fuzz: there is no target \"\(name)\"; there are \(names)")
      exit(2)
    }
    unsafe setenv(FuzzTarget.variable, name, 1)
    let arguments = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(
      capacity: words.count + 1
    )
    for (index, word) in words.enumerated() { unsafe arguments[index] = unsafe strdup(word) }
    unsafe arguments[words.count] = nil
    var count = Int32(words.count)
    var pointer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = unsafe arguments
    let status = unsafe LLVMFuzzerRunDriver(&count, &pointer) { data, size in
      let bytes = unsafe [UInt8](UnsafeBufferPointer(start: data, count: size))
      FuzzTarget.current?.run(bytes)
      return 0
    }
    exit(status)
  }
}
