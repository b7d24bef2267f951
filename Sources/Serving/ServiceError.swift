public import JSON
internal import Streaming
internal import Strings

/// Why a request has no answer. The message says what to do.
public enum ServiceError: Error, Sendable, Equatable {
  /// The body is not JSON, or not an object.
  case malformed(String)
  case invalid(member: String, expected: String, found: String)
  case unknownPath(String)
  case wrongMethod(String, Endpoint)
  case unauthorized
  /// From a web page: a header that only browsers send, or a name that is not this machine's.
  case foreign(header: String, value: String)
  case unknownModel(String, served: String)
  case headersTooLarge(limit: Int)
  case bodyTooLarge(limit: Int)
  case tooManySpans(Int, limit: Int)
  /// The engine does not do what is asked.
  case refused(String)
  /// As many spans wait as may.
  case busy(waiting: Int, retryAfter: Int)
  case loading
  case ending
  case late(seconds: Int)
  /// The engine failed; nil where the reason is not for clients.
  case failed(String?)

  public var status: Int {
    switch self {
    case .malformed, .invalid, .tooManySpans, .refused: 400
    case .unauthorized: 401
    case .foreign: 403
    case .unknownPath, .unknownModel: 404
    case .wrongMethod: 405
    case .bodyTooLarge: 413
    case .headersTooLarge: 431
    case .failed: 500
    case .busy, .loading, .ending: 503
    case .late: 504
    }
  }

  /// As in OpenAI's and Inception's envelopes.
  var type: String {
    switch self {
    case .unauthorized: "authentication_error"
    case .foreign: "permission_error"
    case .busy, .loading, .ending: "unavailable_error"
    case .late: "timeout_error"
    case .failed: "server_error"
    default: "invalid_request_error"
    }
  }

  var code: String {
    switch self {
    case .malformed: "malformed_body"
    case .invalid: "invalid_value"
    case .unknownPath: "unknown_path"
    case .wrongMethod: "method_not_allowed"
    case .unauthorized: "invalid_api_key"
    case .foreign: "foreign_origin"
    case .unknownModel: "model_not_found"
    case .headersTooLarge: "headers_too_large"
    case .bodyTooLarge: "body_too_large"
    case .tooManySpans: "too_many_spans"
    case .refused: "refused_by_model"
    case .busy: "overloaded"
    case .loading: "loading"
    case .ending: "shutting_down"
    case .late: "deadline_exceeded"
    case .failed: "engine_failed"
    }
  }

  public var message: String {
    switch self {
    case .malformed(let reason):
      "The body is not a JSON object: \(reason). Send one, as UTF-8."
    case .invalid(let member, let expected, let found):
      "\(member): expected \(expected), found \(found)."
    case .unknownPath(let path):
      """
      \(path.quotedForMessage) is not served. Paths: \
      \(Endpoint.allCases.map { "\($0.method) \($0.rawValue)" }.joined(separator: ", ")).
      """
    case .wrongMethod(let method, let endpoint):
      "\(endpoint.rawValue) takes \(endpoint.method), not \(method.quotedForMessage)."
    case .unauthorized:
      "The token is missing or wrong. Send it as `Authorization: Bearer TOKEN`."
    case .foreign(let header, let value):
      """
      Requests of web pages are not answered without a token (\(header): \
      \(value.quotedForMessage)). Start the server with a token, and send it.
      """
    case .unknownModel(let model, let served):
      "The model \(model.quotedForMessage) is not served. Ask for \(served.quotedForMessage), or omit `model`."
    case .headersTooLarge(let limit):
      "The headers are larger than \(limit) bytes. Send fewer or shorter ones."
    case .bodyTooLarge(let limit):
      "The body is larger than \(limit) bytes. Send less text around the passage."
    case .tooManySpans(let count, let limit):
      "\(count) spans in one request; at most \(limit). Send several requests."
    case .refused(let reason): reason
    case .busy(let waiting, let retryAfter):
      "\(waiting.counted("span")) wait already. Try again in \(retryAfter.counted("second"))."
    case .loading: "The model is being loaded. Try again in a second."
    case .ending: "The server is shutting down. Start it, or ask another one."
    case .late(let seconds):
      """
      Not done after \(seconds.counted("second")). Ask for fewer tokens or a lower `quality`, or \
      start the server with a longer --deadline.
      """
    case .failed(let reason?): "The engine failed: \(reason)"
    case .failed(nil): "The engine failed. The server's standard error has the reason."
    }
  }

  /// The member at fault, where there is one.
  var member: String? {
    switch self {
    case .invalid(let member, _, _): member
    case .unknownModel: "model"
    default: nil
    }
  }

  /// Seconds after which another try may succeed.
  var retryAfter: Int? {
    switch self {
    case .busy(_, let seconds): seconds
    case .loading: 1
    default: nil
    }
  }

  /// The envelope of OpenAI's errors.
  public var json: JSONValue {
    ServiceFault(message, type: type, parameter: member, code: code).json
  }

  public var reply: Reply {
    var headers: [String: String] = [:]
    if let retryAfter { headers["Retry-After"] = "\(retryAfter)" }
    if case .unauthorized = self { headers["WWW-Authenticate"] = "Bearer" }
    if case .wrongMethod(_, let endpoint) = self { headers["Allow"] = endpoint.method }
    return Reply(json, status: status, headers: headers)
  }
}

extension Reply {
  init(_ json: JSONValue, status: Int = 200, headers: [String: String] = [:]) {
    self.init(
      status: status, contentType: "application/json", headers: headers,
      body: Array(json.serialized().utf8))
  }
}
