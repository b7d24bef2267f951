internal import Glibc
internal import Platform
internal import Serving

/// Resource usage of this process.
enum ProcessFigures {
  @Sendable static func gauges() -> [Gauge] {
    [
      Gauge("process_resident_memory_bytes", "Memory in use.", residentBytes),
      Gauge("process_open_fds", "Open file descriptors.", Files.names(in: "/proc/self/fd").count),
      Gauge("process_threads", "Threads.", Files.names(in: "/proc/self/task").count),
    ]
  }

  /// The second number of `statm`, in pages.
  private static var residentBytes: Int {
    let text = String(decoding: Files.contents("/proc/self/statm") ?? [], as: UTF8.self)
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
  }
}
