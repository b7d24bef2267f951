internal import CPCRE2

/// Owner of a `pcre2_code`.
///
/// Unchecked: PCRE2 documents a compiled pattern as constant and shareable between threads; the
/// pointer never changes and nothing is compiled into it after `init`.
@safe
final class CompiledPattern: @unchecked Sendable {
  let code: OpaquePointer
  let pattern: String
  let groupCount: Int

  init(_ pattern: String, _ options: RegularExpression.Options) throws(RegularExpressionError) {
    var flags = PCRE2_UTF
    if options.contains(.validSubjects) {
      // Branches may name their groups alike.
      flags |= PCRE2_DUPNAMES
    } else {
      flags |= PCRE2_MATCH_INVALID_UTF
    }
    if options.contains(.caseInsensitive) { flags |= PCRE2_CASELESS }
    if options.contains(.literal) {
      flags |= PCRE2_LITERAL
    } else {
      // \C would match half a character.
      flags |= PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C
      if options.contains(.multiline) { flags |= PCRE2_MULTILINE }
      if options.contains(.dotMatchesNewlines) { flags |= PCRE2_DOTALL }
    }
    var error: Int32 = 0
    var offset = 0
    let source = Array(pattern.utf8)
    let context = unsafe pcre2_compile_context_create_8(nil)
    defer { unsafe pcre2_compile_context_free_8(context) }
    if options.contains(.anyLineEnd) {
      unsafe pcre2_set_newline_8(context, UInt32(PCRE2_NEWLINE_ANYCRLF))
    }
    let compiled = unsafe source.withUnsafeBufferPointer {
      unsafe pcre2_compile_8($0.baseAddress, $0.count, flags, &error, &offset, context)
    }
    guard let compiled = unsafe compiled else {
      throw RegularExpressionError(pattern: pattern, offset: offset, code: error)
    }
    // A platform without JIT answers with an error and matches with the interpreter.
    _ = unsafe pcre2_jit_compile_8(compiled, PCRE2_JIT_COMPLETE)
    var groups: UInt32 = 0
    _ = unsafe pcre2_pattern_info_8(compiled, UInt32(PCRE2_INFO_CAPTURECOUNT), &groups)
    unsafe code = compiled
    self.pattern = pattern
    groupCount = Int(groups)
  }

  /// The number of a named group; nil without one, or with several.
  func group(named name: String) -> Int? {
    let number = unsafe (Array(name.utf8) + [0]).withUnsafeBufferPointer {
      unsafe pcre2_substring_number_from_name_8(code, $0.baseAddress)
    }
    return number > 0 ? Int(number) : nil
  }

  deinit { unsafe pcre2_code_free_8(code) }
}
