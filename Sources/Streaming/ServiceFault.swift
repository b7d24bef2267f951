public import JSON
internal import Strings

/// An error as services report it: `{"error":{"message","type","param","code"}}`.
///
/// Read as well: a code that is a number (llama-server), an error that is a bare string (Ollama), and
/// the `detail` or `message` of other servers.
public struct ServiceFault: Error, Sendable, Equatable {
  public var message: String
  public var type: String?
  public var parameter: String?
  public var code: String?

  public init(_ message: String, type: String? = nil, parameter: String? = nil, code: String? = nil)
  {
    self.message = message
    self.type = type
    self.parameter = parameter
    self.code = code
  }

  /// The error that a reply or an event reports; nil where it reports none.
  public init?(_ value: JSONValue) {
    let error = value["error"]
    if let text = error?.string {
      self.init(text)
    } else if let error, error.object != nil {
      self.init(
        error["message"]?.string ?? "no message", type: error["type"]?.string,
        parameter: error["param"]?.string,
        code: error["code"]?.string ?? error["code"]?.int.map(String.init))
    } else if value["choices"] == nil,
      let text = value["detail"]?.string ?? value["message"]?.string
    {
      self.init(text, type: value["type"]?.string)
    } else {
      return nil
    }
  }

  public var json: JSONValue {
    [
      "error": [
        "message": .string(message), "type": type.map(JSONValue.string) ?? .null,
        "param": parameter.map(JSONValue.string) ?? .null,
        "code": code.map(JSONValue.string) ?? .null,
      ]
    ]
  }

  /// The message on one line, without control characters, cut after 200 scalars.
  public var shortMessage: String {
    let start = String(message.unicodeScalars.prefix(200)).escapedForMessage
    return message.unicodeScalars.count > 200 ? start + "…" : start
  }
}
