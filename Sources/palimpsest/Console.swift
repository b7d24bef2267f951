internal import Glibc

/// The standard streams, without Foundation.
enum Console {
  static let standardOutput: Int32 = 1
  static let standardError: Int32 = 2

  static func output(_ text: String) { write(Array(text.utf8), to: standardOutput) }
  static func error(_ text: String) { write(Array(text.utf8), to: standardError) }

  /// Writes all bytes, or as many as the other end takes before it goes away.
  static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = unsafe rest.withUnsafeBytes { buffer in
        unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
      }
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { return }
      rest.removeFirst(written)
    }
  }

  /// Everything up to the end of standard input.
  static func input() throws(CommandFailure) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(0, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else {
        throw CommandFailure("Cannot read standard input: \(systemMessage(errno)).")
      }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }

  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// Columns and rows of the terminal behind a descriptor, nil where it has none.
  static func size(_ descriptor: Int32) -> (columns: Int, rows: Int)? {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
    else { return nil }
    return (Int(size.ws_col), Int(size.ws_row))
  }
}

/// What `strerror` says of an error number.
func systemMessage(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }

/// A command failed: exit code 1, this text on standard error.
struct CommandFailure: Error, Equatable, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}
