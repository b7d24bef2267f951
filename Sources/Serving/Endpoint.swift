/// What the server answers.
public enum Endpoint: String, Sendable, CaseIterable {
  case completions = "/v1/completions"
  case infill = "/infill"
  case models = "/v1/models"
  case health = "/health"
  case metrics = "/metrics"

  public var method: String {
    switch self {
    case .completions, .infill: "POST"
    case .models, .health, .metrics: "GET"
    }
  }

  /// Whether it is answered without the token: a supervisor asks for health.
  var isOpen: Bool { self == .health }

  /// The endpoint that a request names. Throws for another path or method.
  init(_ call: HTTPCall) throws(ServiceError) {
    guard let found = Endpoint(rawValue: call.path) else {
      throw .unknownPath(call.path)
    }
    guard call.method == found.method else {
      throw .wrongMethod(call.method, found)
    }
    self = found
  }
}
