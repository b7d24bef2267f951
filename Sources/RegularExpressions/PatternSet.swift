/// Several patterns tried at once: of the leftmost matches, that of the pattern named first.
///
/// A pattern may refer back to its own groups by number. It sees the subject before the place where
/// matching starts, and nothing after the place where it ends.
public struct PatternSet: Sendable {
  let code: CompiledPattern

  /// Compiles `patterns`, at least one. An error has the offset of the pattern at fault in all of
  /// them taken together: compile each by itself first to find which it is.
  public init(_ patterns: [String]) throws(RegularExpressionError) {
    // Branches count their groups from 1 each; a mark at its end names the branch that matched.
    let branches = patterns.enumerated().map { "(?:\($1))(*:\($0))" }
    code = try CompiledPattern("(?|" + branches.joined(separator: "|") + ")", .validSubjects)
  }
}

/// Text for `PatternSearch`, known to be UTF-8.
public struct PatternSubject: Sendable, Hashable {
  public let bytes: [UInt8]

  /// Each byte that is not part of a scalar becomes U+001A, so that offsets stay. O(bytes).
  public init(_ bytes: [UInt8]) {
    guard !bytes.allSatisfy({ $0 < 0x80 }), !Self.isValid(bytes) else {
      self.bytes = bytes
      return
    }
    var repaired = bytes
    var input = bytes.makeIterator()
    var parser = Unicode.UTF8.ForwardParser()
    var offset = 0
    while true {
      switch parser.parseScalar(from: &input) {
      case .valid(let scalar): offset += scalar.count
      case .error(let length):
        for index in offset..<offset + length { repaired[index] = 0x1A }
        offset += length
      case .emptyInput:
        self.bytes = repaired
        return
      }
    }
  }

  private static func isValid(_ bytes: [UInt8]) -> Bool {
    String(validating: bytes, as: UTF8.self) != nil
  }
}
