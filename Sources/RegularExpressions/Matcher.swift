internal import CPCRE2
internal import Strings

/// The working memory of one search: match data, limits and a machine stack for JIT code.
@safe
final class Matcher {
  private let pattern: CompiledPattern
  private let data: OpaquePointer
  private let context: OpaquePointer
  private let stack: OpaquePointer?

  /// Limits for a subject of `bytes`: an honest pattern backtracks a few times a byte.
  init(_ pattern: CompiledPattern, bytes: Int) {
    self.pattern = pattern
    unsafe data = pcre2_match_data_create_from_pattern_8(pattern.code, nil)
    unsafe context = pcre2_match_context_create_8(nil)
    unsafe stack = pcre2_jit_stack_create_8(32 << 10, 4 << 20, nil)
    let budget = UInt32(clamping: 1_000_000 + 16 * bytes)
    unsafe pcre2_set_match_limit_8(context, budget)
    unsafe pcre2_set_heap_limit_8(context, 64 << 10)
    unsafe pcre2_jit_stack_assign_8(context, nil, UnsafeMutableRawPointer(stack))
  }

  deinit {
    unsafe pcre2_match_data_free_8(data)
    unsafe pcre2_match_context_free_8(context)
    unsafe pcre2_jit_stack_free_8(stack)
  }

  /// The PCRE2 error that ended the search early, or nil.
  func search(
    _ subject: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, groups: Bool,
    _ body: (RegularExpression.Match) -> Bool
  ) -> Int32? {
    // PCRE2 takes no null subject before 10.43.
    let empty: StaticString = ""
    let base = unsafe subject.baseAddress ?? empty.utf8Start
    var start = range.lowerBound
    var options: UInt32 = 0
    while start <= range.upperBound {
      let code = unsafe match(base, range.upperBound, start, options)
      if code == PCRE2_ERROR_NOMATCH {
        if options == 0 || start >= range.upperBound { return nil }
        // Only the empty match begins here: continue after the character.
        options = 0
        start += 1
        while start < range.upperBound, unsafe base[start].isUTF8Continuation { start += 1 }
        continue
      }
      if code < 0 { return code }
      // Not nil: `data` is a match block.
      let offsets = unsafe pcre2_get_ovector_pointer_8(data)!
      // \K in a look-around can put the end before the start: the search would not advance.
      let found = unsafe offsets[0]..<max(offsets[0], offsets[1])
      guard found.upperBound >= start else { return PCRE2_ERROR_BADOFFSET }
      let match = RegularExpression.Match(
        range: found, groups: groups ? unsafe captures(offsets) : [])
      if !body(match) { return nil }
      start = found.upperBound
      options = found.isEmpty ? PCRE2_NOTEMPTY_ATSTART | PCRE2_ANCHORED : 0
    }
    return nil
  }

  private func match(
    _ base: UnsafePointer<UInt8>, _ count: Int, _ start: Int, _ options: UInt32
  ) -> Int32 {
    let code = unsafe pcre2_match_8(pattern.code, base, count, start, options, data, context)
    guard code == PCRE2_ERROR_JIT_STACKLIMIT else { return code }
    // The interpreter keeps its backtracking points on the heap, which is larger.
    return unsafe pcre2_match_8(
      pattern.code, base, count, start, options | PCRE2_NO_JIT, data, context)
  }

  private func captures(_ offsets: UnsafeMutablePointer<Int>) -> [Range<Int>?] {
    guard pattern.groupCount > 0 else { return [] }
    return (1...pattern.groupCount).map { group in
      let lower = unsafe offsets[2 * group]
      let upper = unsafe offsets[2 * group + 1]
      // PCRE2_UNSET is all ones.
      return lower >= 0 && upper >= lower ? lower..<upper : nil
    }
  }
}
