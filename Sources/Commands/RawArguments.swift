internal import ArgumentParser
internal import Glibc

/// The arguments of the process as the kernel gave them.
package enum RawArguments {
  /// All but the name of the program.
  static var ofProcess: [[UInt8]] {
    (1..<max(1, Int(CommandLine.argc))).compactMap { index in
      unsafe CommandLine.unsafeArgv[index].map { argument in
        unsafe Array(UnsafeRawBufferPointer(start: argument, count: strlen(argument)))
      }
    }
  }

  /// The arguments as text. Throws for one that is not UTF-8: with its bytes replaced it would name
  /// another file.
  package static func texts(_ arguments: [[UInt8]]) throws -> [String] {
    try arguments.map { bytes in
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw ValidationError(
          "“\(shown(bytes))” is not UTF-8, and Palimpsest takes only names that are. Rename the "
            + "file, or give it a second name with ln.")
      }
      return text
    }
  }

  /// `bytes` with those that are no UTF-8 as `\xE9`.
  private static func shown(_ bytes: [UInt8]) -> String {
    var text = ""
    var rest = bytes[...]
    while !rest.isEmpty {
      var parser = Unicode.UTF8.ForwardParser()
      var iterator = rest.makeIterator()
      switch parser.parseScalar(from: &iterator) {
      case .valid(let scalar):
        text += String(decoding: scalar, as: UTF8.self)
        rest = rest.dropFirst(scalar.count)
      case .error(let count):
        text += rest.prefix(count).map { "\\x" + String($0, radix: 16, uppercase: true) }.joined()
        rest = rest.dropFirst(count)
      case .emptyInput: return text
      }
    }
    return text
  }
}
