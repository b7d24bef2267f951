internal import Platform

/// Figures of this process from the system.
enum ProcessFacts {
  /// Resident bytes, now and at most; 0 if the system does not report them.
  static var resident: Int { kibibytes("VmRSS:") * 1024 }
  static var largestResident: Int { kibibytes("VmHWM:") * 1024 }

  private static func kibibytes(_ field: String) -> Int {
    let text = String(decoding: Files.contents("/proc/self/status") ?? [], as: UTF8.self)
    let line = text.split(separator: "\n").first { $0.hasPrefix(field) }
    return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0
  }

  /// Name of the CPU.
  static var processor: String {
    let text = String(decoding: Files.contents("/proc/cpuinfo") ?? [], as: UTF8.self)
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":").last.map { $0.drop { $0 == " " } }.map(String.init)
      ?? "unknown"
  }

  /// Processes that want to run, averaged over the last minute.
  static var load: Double {
    let text = String(decoding: Files.contents("/proc/loadavg") ?? [], as: UTF8.self)
    return text.split(separator: " ").first.flatMap { Double($0) } ?? 0
  }
}
