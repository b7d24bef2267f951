public import Streaming
internal import Strings

/// Why an engine did not fill a passage; the description has what to do.
public struct RemoteError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The name of the engine in the settings.
  public var engine: String
  /// Host and port.
  public var place: String
  public var reason: Reason

  public enum Reason: Error, Sendable, Equatable {
    case transport(HTTPFailure)
    /// An HTTP status other than 200, with what the server wrote.
    case refused(status: Int, ServiceFault?)
    /// The server asks to wait, for so many milliseconds if it says so.
    case busy(milliseconds: Int?)
    /// Neither JSON nor events: the beginning of what came.
    case notJSON(String)
    case malformed(StreamError)
    /// An error in the middle of a stream.
    case fault(ServiceFault)
    /// A frame has far more text than was asked for.
    case overlong
    /// The reply ended before its text did.
    case cutOff
    case empty
    case noKey(variable: String)
    case keyCommand(String)
    case badKey
    case keyInClear
    case noModel
    case followsNoInstructions
    case seesNoPictures
    case onlyDiffusion
    case tooLong(slots: Int, limit: Int)

    static func unexpected(_ expected: String, found: String) -> Reason {
      .malformed(.malformed(expected: expected, found: found))
    }
  }

  public init(_ configuration: EngineConfiguration, _ reason: Reason) {
    engine = configuration.name
    place = configuration.address.place
    self.reason = reason
  }

  /// One or two sentences on one line, whatever the server sent.
  public var description: String { "\(engine.escapedForMessage): \(words)" }

  private var words: String {
    switch reason {
    case .transport(let failure): Self.words(for: failure, engine, place)
    case .refused(let status, let fault): Self.words(for: status, fault, engine, place)
    case .busy(let milliseconds):
      milliseconds.map {
        "\(place) asks to wait \(Self.seconds($0)). Try again after that."
      } ?? "\(place) has too many requests. Try again in a minute."
    case .notJSON(let beginning):
      "\(place) answers \(beginning.quotedForMessage), not JSON. Check base of [engine.\(engine)]."
    case .malformed(let error): "\(place) sent a damaged reply: \(error). Try again."
    case .fault(let fault): "\(place) reports: \(fault.shortMessage). Try again."
    case .overlong:
      "\(place) sent far more text than it was asked for. Check kind and model of [engine.\(engine)]."
    case .cutOff: "\(place) ended its reply in the middle. Try again."
    case .empty: "\(place) returned no text. Try again, or select more."
    case .noKey(let variable):
      "\(variable) is not set. Set it to the key of \(place), or name another variable as key-env."
    case .keyCommand(let reason): "key-command \(reason). Run it in a terminal to see why."
    case .badKey:
      "its key is empty or has blanks or control characters. Check key-env or key-command."
    case .keyInClear:
      "a key is sent only over https. Use https, or a tunnel to localhost."
    case .noModel: "no model is named. Set model in [engine.\(engine)]."
    case .followsNoInstructions:
      "this kind of engine follows no instructions. Press Alt-Enter to rewrite without one."
    case .seesNoPictures: "pictures are not sent to an engine. Omit --image, or --engine."
    case .onlyDiffusion: "an engine decides itself how it writes. Omit --mode."
    case .tooLong(let slots, let limit):
      "the passage has \(slots) tokens, the engine takes \(limit). Select less."
    }
  }

  private static func words(
    for failure: HTTPFailure, _ engine: String, _ place: String
  ) -> String {
    switch failure {
    case .unreachable(let reason):
      "\(place) cannot be reached: \(reason.escapedForMessage). Is the server running?"
    case .proxyUnreachable(let reason):
      """
      the proxy on the way to \(place) cannot be reached: \(reason.escapedForMessage). Check \
      http_proxy and https_proxy, or name the host in no_proxy.
      """
    case .proxyRefused(let status): words(forProxyStatus: status, place)
    case .insecure(let reason):
      "\(place) is not trusted: \(reason.escapedForMessage). \(advice(on: reason, engine))"
    case .badAuthorities(let reason):
      """
      the certificates to trust cannot be read: \(reason.escapedForMessage). Check ca-file of \
      [engine.\(engine)], or SSL_CERT_FILE.
      """
    case .timedOut(.connect):
      "no connection to \(place) in time. Check the network, or raise connect-milliseconds."
    case .timedOut(.answer):
      "\(place) did not answer in time. Try again, or raise answer-milliseconds."
    case .timedOut(.silence):
      "\(place) fell silent in its reply. Try again, or raise silence-milliseconds."
    case .timedOut(.total):
      "\(place) did not finish in time. Select less, or raise total-milliseconds."
    case .brokenOff(let reason):
      """
      the connection to \(place) broke: \(reason.escapedForMessage). Try again, or check base of \
      [engine.\(engine)].
      """
    case .tooLong(let limit): "\(place) sent more than \(limit / 1024) KiB. Its reply was refused."
    case .unavailable(let reason): reason
    }
  }

  private static func words(
    for status: Int, _ fault: ServiceFault?, _ engine: String, _ place: String
  ) -> String {
    let said = fault.map { " (\($0.shortMessage))" } ?? ""
    switch status {
    case 407: return words(forProxyStatus: status, place)
    case 401, 403: return "\(place) refuses the key\(said). Check key-env of [engine.\(engine)]."
    case 402: return "\(place) asks for payment\(said). Check the account."
    case 404:
      return
        "\(place) has no such path or model\(said). Check base and model of [engine.\(engine)]."
    case 400, 413, 422:
      return "\(place) refuses the request\(said). Check kind and model of [engine.\(engine)]."
    case 501: return "\(place) cannot fill a passage\(said). Use another model or kind."
    case 500...: return "\(place) failed with status \(status)\(said). Try again later."
    default:
      return "\(place) answers with status \(status)\(said). Check base of [engine.\(engine)]."
    }
  }

  private static func words(forProxyStatus status: Int, _ place: String) -> String {
    let what =
      status == 407
      ? "Put a name and a password into it: http://NAME:PASSWORD@PROXY."
      : "Ask whoever runs it, or name the host in no_proxy."
    return "the proxy of http_proxy or https_proxy refuses \(place) with status \(status). \(what)"
  }

  /// What to do about a certificate, by the words of the library: its numbers differ between the
  /// libraries for TLS that it may be built with.
  private static func advice(on reason: String, _ engine: String) -> String {
    func tells(_ parts: String...) -> Bool { parts.contains { reason.lowercased().contains($0) } }
    if tells("expired", "not yet valid") {
      return "Renew the certificate, or set the clock of this machine."
    }
    if tells("self-signed", "self signed", "issuer", "signer", "authority") {
      return """
        If you know the server, name a file with its certificate, or that of its authority, as \
        ca-file of [engine.\(engine)].
        """
    }
    if tells("host name", "hostname", "subject name", "does not match") {
      return "Name the host in base of [engine.\(engine)] as the certificate does."
    }
    if tells("wrong version", "packet") {
      return "Use http in base of [engine.\(engine)] if the server has no TLS."
    }
    return "Check the certificate of the server."
  }

  static func seconds(_ milliseconds: Int) -> String {
    ((milliseconds + 999) / 1000).counted("second")
  }
}
