/// The base address of a service: scheme, host, port and the beginning of its paths.
public struct EngineAddress: Sendable, Equatable {
  public let isSecure: Bool
  /// As it was written, without brackets.
  public let host: String
  public let port: Int?
  /// Empty, or with a slash at its beginning and none at its end.
  public let path: String

  /// nil for anything but `http://host[:port][/path]` and `https://…`; an address with a user name
  /// or password, a query or a fragment is none.
  public init?(_ text: String) {
    let parts = text.split(separator: "://", maxSplits: 1)
    guard parts.count == 2, ["http", "https"].contains(parts[0].lowercased()),
      text.unicodeScalars.allSatisfy({ (0x21..<0x7F).contains($0.value) }),
      !text.contains(where: { "@?#\\\"<>".contains($0) })
    else { return nil }
    isSecure = parts[0].lowercased() == "https"
    let slash = parts[1].firstIndex(of: "/") ?? parts[1].endIndex
    var path = parts[1][slash...]
    while path.hasSuffix("/") { path.removeLast() }
    self.path = String(path)
    var authority = parts[1][..<slash]
    var host: Substring
    if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
      host = authority[authority.index(after: authority.startIndex)..<end]
      authority = authority[authority.index(after: end)...]
    } else {
      let colon = authority.firstIndex(of: ":") ?? authority.endIndex
      host = authority[..<colon]
      authority = authority[colon...]
    }
    guard !host.isEmpty else { return nil }
    self.host = String(host)
    guard !authority.isEmpty else {
      port = nil
      return
    }
    guard authority.first == ":", let port = Int(authority.dropFirst()),
      (1...65_535).contains(port)
    else { return nil }
    self.port = port
  }

  /// Host and port, as the status line shows them.
  public var place: String {
    let host = host.contains(":") ? "[\(host)]" : host
    return host + (port.map { ":\($0)" } ?? "")
  }

  /// The address of a path below this one.
  public func address(of path: String) -> String {
    (isSecure ? "https://" : "http://") + place + self.path + path
  }

  /// Whether the host is this machine, as far as its name tells. A tunnel may lead elsewhere.
  public var isLoopback: Bool {
    if host.lowercased() == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }
}
