import Glibc
import Synchronization

/// A server on this machine that writes what a script tells it, byte for byte.
///
/// Unchecked: the socket never changes.
final class SocketServer: @unchecked Sendable {
  let port: Int
  private let listener: Int32
  private let state = Mutex((requests: [String](), hungUp: 0, connections: 0))

  var requests: [String] { state.withLock { $0.requests } }
  /// Connections that the other side closed while it was waited for.
  var hungUp: Int { state.withLock { $0.hungUp } }
  var connections: Int { state.withLock { $0.connections } }

  /// What is done with a request.
  enum Act: Sendable {
    case write(String)
    /// Until the other side closes the connection.
    case waitForHangUp
    case close
  }

  /// `script` gets a request and the number of those before it; afterwards the next request of the
  /// connection is read.
  init(_ script: @escaping @Sendable (String, Int) -> [Act]) {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.listener = listener
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = unsafe inet_addr("127.0.0.1")
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        _ = unsafe bind(listener, pointer, size)
        _ = unsafe getsockname(listener, pointer, &size)
      }
    }
    port = Int(address.sin_port.bigEndian)
    listen(listener, 16)
    Self.detach { [weak self] in
      defer { close(listener) }
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { return }
        // Or a program that another test starts would keep it open.
        _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
        guard let self else {
          close(connection)
          return
        }
        self.state.withLock { $0.connections += 1 }
        Self.detach { [weak self] in
          self?.serve(connection, script)
          close(connection)
        }
      }
    }
  }

  /// Wakes the thread that accepts connections, which closes the socket: its number must not become
  /// that of another one before.
  deinit { shutdown(listener, Int32(SHUT_RDWR)) }

  private func serve(_ connection: Int32, _ script: @Sendable (String, Int) -> [Act]) {
    while let request = Self.request(connection) {
      let number = state.withLock { state in
        state.requests.append(request)
        return state.requests.count - 1
      }
      for act in script(request, number) {
        switch act {
        case .write(let text):
          var text = text
          text.withUTF8 { bytes in
            _ = unsafe send(
              connection, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
          }
        case .waitForHangUp:
          var byte: UInt8 = 0
          while unsafe recv(connection, &byte, 1, 0) > 0 {}
          state.withLock { $0.hungUp += 1 }
          return
        case .close: return
        }
      }
    }
  }

  /// Head and body of the next request; nil at the end of the connection.
  private static func request(_ connection: Int32) -> String? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let text = String(decoding: bytes, as: UTF8.self)
      if let end = text.firstRange(of: "\r\n\r\n") {
        let length = text.lowercased().split(separator: "\r\n").first {
          $0.hasPrefix("content-length:")
        }
        let body = length.flatMap { Int($0.dropFirst(15).drop { $0 == " " }) } ?? 0
        if text[end.upperBound...].utf8.count >= body { return text }
      }
      let count = unsafe recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      bytes += buffer[..<count]
    }
  }

  private static func detach(_ body: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
      let body: @Sendable () -> Void
      init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    unsafe pthread_create(
      &thread, nil,
      { context in
        unsafe Unmanaged<Box>.fromOpaque(context!).takeRetainedValue().body()
        return nil
      }, Unmanaged.passRetained(Box(body)).toOpaque())
    pthread_detach(thread)
  }
}
