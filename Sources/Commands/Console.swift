internal import Documents
internal import Glibc
internal import Platform

/// The standard streams, without Foundation.
package enum Console {
  package static let standardOutput: Int32 = 1
  package static let standardError: Int32 = 2

  /// Writes a command's result, all of it. On a terminal control characters are made visible;
  /// elsewhere the bytes arrive as they are.
  package static func output(_ bytes: [UInt8]) throws(CommandFailure) {
    let shown = isTerminal(standardOutput) ? visible(bytes) : bytes
    guard Descriptor.write(shown, to: standardOutput) else {
      throw CommandFailure("Cannot write standard output: \(systemMessage(errno)).")
    }
  }

  package static func output(_ text: String) throws(CommandFailure) { try output(Array(text.utf8)) }

  /// Writes a message, with control characters made visible on a terminal.
  package static func error(_ text: String) {
    let bytes = Array(text.utf8)
    _ = Descriptor.write(isTerminal(standardError) ? visible(bytes) : bytes, to: standardError)
  }

  /// Writes text with control sequences to a terminal.
  package static func draw(_ text: String, on descriptor: Int32) {
    _ = Descriptor.write(Array(text.utf8), to: descriptor)
  }

  /// `bytes` with control characters made visible; line ends and tabs are kept.
  private static func visible(_ bytes: [UInt8]) -> [UInt8] {
    Array(DisplayForm.harmless(String(decoding: bytes, as: UTF8.self)).utf8)
  }

  /// Closes standard output. Some file systems report a full disk only then.
  package static func finish() throws(CommandFailure) {
    guard Glibc.close(standardOutput) != 0, errno != EBADF else { return }
    throw CommandFailure("Cannot write standard output: \(systemMessage(errno)).")
  }

  /// Everything up to the end of standard input.
  package static func input() throws(CommandFailure) -> [UInt8] {
    guard let bytes = Descriptor.read(0) else {
      throw CommandFailure("Cannot read standard input: \(systemMessage(errno)).")
    }
    return bytes
  }

  /// Whether standard input is a pipe, a socket or a file: not a terminal, `/dev/null` or closed.
  package static var hasInput: Bool {
    var status = stat()
    guard unsafe fstat(0, &status) == 0 else { return false }
    return [S_IFIFO, S_IFSOCK, S_IFREG].contains(status.st_mode & S_IFMT)
  }

  package static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// Columns and rows of the terminal at a descriptor; nil if it is not one.
  package static func size(_ descriptor: Int32) -> (columns: Int, rows: Int)? {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
    else { return nil }
    return (Int(size.ws_col), Int(size.ws_row))
  }
}

/// A command failed: exit code 1, this text on standard error.
package struct CommandFailure: Error, Equatable, CustomStringConvertible {
  package var description: String
  package init(_ description: String) { self.description = description }
}
