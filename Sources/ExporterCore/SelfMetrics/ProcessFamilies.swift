private import CLinux
import Exposition
private import FoundationEssentials
private import Glibc

/// The `process_*` families, as client libraries have them.
struct ProcessFamilies: Sendable {
  /// Unix seconds, from the clock at start: `/proc/stat` may be hidden.
  let started: Double

  var families: [MetricFamily] {
    var families = [
      family(
        "process_start_time_seconds",
        .gauge,
        "When the process started, in Unix seconds.",
        started
      )
    ]
    if let seconds = ProcessFamilies.cpuSeconds {
      families.append(
        family(
          "process_cpu_seconds_total",
          .counter,
          "User and system processor time in seconds.",
          seconds
        )
      )
    }
    if let memory = ProcessFamilies.memory {
      families.append(
        family(
          "process_resident_memory_bytes",
          .gauge,
          "Resident memory in bytes.",
          memory.resident
        )
      )
      families.append(
        family("process_virtual_memory_bytes", .gauge, "Virtual memory in bytes.", memory.virtual)
      )
    }
    if let count = ProcessFamilies.openDescriptors {
      families.append(
        family("process_open_fds", .gauge, "Open file descriptors.", Double(count))
      )
    }
    if let limit = ProcessFamilies.descriptorLimit {
      families.append(
        family("process_max_fds", .gauge, "The limit of open file descriptors.", limit)
      )
    }
    return families
  }

  private func family(
    _ name: String,
    _ type: MetricType,
    _ help: String,
    _ value: Double
  ) -> MetricFamily {
    MetricFamily(
      name: name,
      type: type,
      help: help,
      samples: [Sample(labels: LabelSet(), value: value)]
    )
  }

  private static var cpuSeconds: Double? {
    var usage = rusage()
    guard unsafe getrusage(RUSAGE_SELF.rawValue, &usage) == 0 else { return nil }
    func seconds(_ time: timeval) -> Double {
      Double(time.tv_sec) + Double(time.tv_usec) / 1e6
    }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }

  private static var memory: (virtual: Double, resident: Double)? {
    guard let data = FileManager.default.contents(atPath: "/proc/self/statm") else { return nil }
    let words = String(decoding: data, as: UTF8.self).split(separator: " ")
    guard words.count > 1, let virtual = Double(words[0]), let resident = Double(words[1]) else {
      return nil
    }
    let page = Double(sysconf(Int32(_SC_PAGESIZE)))
    return (virtual * page, resident * page)
  }

  private static var openDescriptors: Int? {
    guard let folder = unsafe opendir("/proc/self/fd") else { return nil }
    defer { unsafe closedir(folder) }
    var count = 0
    while let _ = unsafe readdir(folder) { count += 1 }
    // Two entries are the folder and its parent, one is the descriptor that reads it.
    return count - 3
  }

  private static var descriptorLimit: Double? {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
      return nil
    }
    return Double(limit.rlim_cur)
  }
}
