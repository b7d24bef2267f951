public import RemoteEngines

/// HTTP by libcurl, which verifies certificates and reads proxies from the environment
/// (`https_proxy`, `no_proxy` and so on). Redirects are not followed.
public struct CurlTransport: HTTPTransport {
  /// Neither loads the library nor starts a thread: the first request does.
  public init() {}

  public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    let loop = try CurlLoop.shared.get()
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
