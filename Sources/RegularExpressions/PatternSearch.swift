internal import CPCRE2

/// The working memory for matches of pattern sets, on one thread.
@safe
public final class PatternSearch {
  /// A match and the number of the pattern that matched.
  public struct Match: Equatable {
    public var pattern: Int
    public var range: Range<Int>
  }

  private let data: OpaquePointer
  private let context: OpaquePointer

  /// Groups that `group` finds.
  public static let mostGroups = 9

  /// `budget` bounds the backtracking of one match.
  public init(budget: Int) {
    unsafe data = pcre2_match_data_create_8(UInt32(Self.mostGroups + 1), nil)
    unsafe context = pcre2_match_context_create_8(nil)
    unsafe pcre2_set_match_limit_8(context, UInt32(clamping: budget))
    unsafe pcre2_set_heap_limit_8(context, 1 << 10)
  }

  deinit {
    unsafe pcre2_match_data_free_8(data)
    unsafe pcre2_match_context_free_8(context)
  }

  /// The leftmost match within `range`, which must be in the subject and begin and end at scalars.
  /// Throws where the search reaches its budget.
  public func first(
    of set: PatternSet, in subject: PatternSubject, range: Range<Int>
  ) throws(RegularExpressionError) -> Match? {
    precondition(range.lowerBound >= 0 && range.upperBound <= subject.bytes.count)
    let result = unsafe subject.bytes.withUnsafeBufferPointer { buffer in
      let empty: StaticString = ""
      return unsafe pcre2_match_8(
        set.code.code, buffer.baseAddress ?? empty.utf8Start, range.upperBound, range.lowerBound,
        UInt32(PCRE2_NO_UTF_CHECK), data, context)
    }
    if result == PCRE2_ERROR_NOMATCH { return nil }
    if result < 0 { throw RegularExpressionError(pattern: set.code.pattern, code: result) }
    // Not nil: `data` is a match block.
    let offsets = unsafe pcre2_get_ovector_pointer_8(data)!
    // \K in a look-ahead can put the end before the start.
    let found = unsafe offsets[0]..<max(offsets[0], offsets[1])
    guard found.lowerBound >= range.lowerBound else { return nil }
    return Match(pattern: mark, range: found)
  }

  /// What a group, from 1 to `mostGroups`, of the last match covers; nil if it took no part.
  public func group(_ number: Int) -> Range<Int>? {
    guard number > 0, number <= Self.mostGroups else { return nil }
    let offsets = unsafe pcre2_get_ovector_pointer_8(data)!
    let lower = unsafe offsets[2 * number]
    let upper = unsafe offsets[2 * number + 1]
    // PCRE2_UNSET is all ones.
    return lower >= 0 && upper >= lower ? lower..<upper : nil
  }

  /// The digits that name the branch that matched.
  private var mark: Int {
    guard var digit = unsafe pcre2_get_mark_8(data) else { return 0 }
    var number = 0
    while unsafe digit.pointee != 0 {
      number = unsafe number * 10 + Int(digit.pointee) - 0x30
      unsafe digit += 1
    }
    return number
  }
}
