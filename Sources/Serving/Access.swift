/// Who may ask.
public struct Access: Sendable, Equatable {
  private let token: [UInt8]?

  /// - Parameter token: what every request has to show; nil where whoever reaches the address may ask.
  public init(token: String?) { self.token = token.map { Array($0.utf8) } }

  /// Throws for a request that is not to be answered.
  ///
  /// Without a token a web page in a browser on this machine could ask, too: those are known by
  /// `Origin`, or by a name in `Host` that was made to resolve to this machine (DNS rebinding).
  func check(_ call: HTTPCall) throws(ServiceError) {
    if let token {
      guard let header = call.headers["authorization"], Self.shows(header, token) else {
        throw .unauthorized
      }
      return
    }
    if let origin = call.headers["origin"] { throw .foreign(header: "Origin", value: origin) }
    if let host = call.headers["host"], !Self.isLoopback(host: host) {
      throw .foreign(header: "Host", value: host)
    }
  }

  /// Takes the same time for any token of the same length.
  private static func shows(_ header: String, _ token: [UInt8]) -> Bool {
    let bytes = Array(header.utf8)
    let scheme = Array("bearer ".utf8)
    guard bytes.count == scheme.count + token.count,
      header.prefix(scheme.count).lowercased().utf8.elementsEqual(scheme)
    else { return false }
    var difference: UInt8 = 0
    for (a, b) in zip(bytes[scheme.count...], token) { difference |= a ^ b }
    return difference == 0
  }

  /// Whether a `Host` header, with or without a port, names the loopback interface.
  static func isLoopback(host: String) -> Bool {
    if host.hasPrefix("[") {
      return isLoopback(address: String(host.dropFirst().prefix { $0 != "]" }))
    }
    let name = host.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)[0]
    return name.lowercased() == "localhost" || isLoopback(address: String(name))
  }

  /// Whether a numeric address is of the loopback interface: 127.0.0.0/8 or ::1.
  public static func isLoopback(address: String) -> Bool {
    let plain = address.lowercased()
    if plain == "::1" { return true }
    let numbers = (plain.hasPrefix("::ffff:") ? plain.dropFirst(7) : plain[...])
      .split(separator: ".", omittingEmptySubsequences: false)
    return numbers.count == 4 && numbers[0] == "127" && numbers.allSatisfy { UInt8($0) != nil }
  }
}
