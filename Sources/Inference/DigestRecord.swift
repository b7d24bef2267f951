internal import Platform

/// The digest of a large file, remembered beside it, so that it is computed once and not at every
/// start. The record holds size and time of the file and is void when either changes.
enum DigestRecord {
  /// SHA-256 of the file at `path`: the remembered one, or computed and remembered. A folder that
  /// cannot be written costs the computation every time.
  static func digest(of path: String) throws -> String {
    let stamp = try Stamp(path)
    let record = path + ".sha256"
    if let bytes = try? Files.read(record, upTo: 1024) {
      let text = String(decoding: bytes, as: UTF8.self)
      let parts = text.split(separator: " ")
      if parts.count == 3, parts[0].utf8.count == 64, "\(parts[1]) \(parts[2])" == stamp.text {
        return String(parts[0])
      }
    }
    let digest = try sha256(ofFile: path) { _ in try Task.checkCancellation() }
    try? Files.write(Array("\(digest) \(stamp.text)".utf8), to: record)
    return digest
  }

  /// Size in bytes, then nanoseconds of the last change.
  struct Stamp {
    var text: String

    init(_ path: String) throws {
      do {
        let stamp = try Files.stamp(path)
        text = "\(stamp.bytes) \(stamp.nanoseconds)"
      } catch {
        throw InferenceError.unreadable(path: path, reason: error.reason)
      }
    }
  }
}
