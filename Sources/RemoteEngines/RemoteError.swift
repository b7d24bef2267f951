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
    case .transport(let failure): Self.words(for: failure, place)
    case .refused(let status, let fault): Self.words(for: status, fault, engine, place)
    case .busy(let milliseconds):
      milliseconds.map {
        "\(place) asks to wait \(Self.seconds($0)). Try again after that."
      } ?? "\(place) has too many requests. Try again in a minute."
    case .notJSON(let beginning):
      "\(place) answers \(beginning.quotedForMessage), not JSON. Check base of [engine.\(engine)]."
    case .malformed(let error): "\(place) sent a damaged reply: \(error). Try again."
    case .fault(let fault): "\(place) reports: \(fault.shortMessage). Try again."
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

  private static func words(for failure: HTTPFailure, _ place: String) -> String {
    switch failure {
    case .unreachable(let reason):
      "\(place) cannot be reached: \(reason.escapedForMessage). Is the server running?"
    case .insecure(let reason):
      "\(place) is not trusted: \(reason.escapedForMessage). Check the certificate and the clock."
    case .timedOut(.connect): "no connection to \(place) in time. Check the network, or timeouts."
    case .timedOut(.answer): "\(place) did not answer in time. Try again, or raise timeout."
    case .timedOut(.silence): "\(place) fell silent in its reply. Try again."
    case .timedOut(.total): "\(place) did not finish in time. Select less, or raise timeout."
    case .brokenOff(let reason):
      "the connection to \(place) broke: \(reason.escapedForMessage). Try again."
    case .tooLong(let limit): "\(place) sent more than \(limit / 1024) KiB. Its reply was refused."
    case .unavailable(let reason): reason
    }
  }

  private static func words(
    for status: Int, _ fault: ServiceFault?, _ engine: String, _ place: String
  ) -> String {
    let said = fault.map { " (\($0.shortMessage))" } ?? ""
    switch status {
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

  static func seconds(_ milliseconds: Int) -> String {
    ((milliseconds + 999) / 1000).counted("second")
  }
}
