public import RemoteEngines

/// HTTP by libcurl, which verifies certificates and reads proxies from the environment
/// (`https_proxy`, `no_proxy` and so on). Redirects are not followed.
public struct CurlTransport: HTTPTransport {
  /// Neither loads the library nor starts a thread: the first request does.
  public init() {}

  public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    guard let loop = CurlLoop.shared else {
      throw HTTPFailure.unavailable(
        "libcurl is missing, which speaks HTTP. Install the package libcurl4.")
    }
    let transfer = CurlTransfer(request)
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        loop.post(.begin(transfer, continuation))
      }
    } onCancel: {
      loop.post(.cancel(transfer))
    }
  }
}
