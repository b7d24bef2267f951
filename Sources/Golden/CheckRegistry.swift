/// Compares one case with the reference: returns if they agree, throws if they do not.
public typealias CaseCheck = (GoldenCase) throws -> Void

/// The checks by kind of case. A group of kinds is one file that extends this enumeration with one
/// dictionary and is listed in `groups`.
public enum CheckRegistry {
  static var groups: [[String: CaseCheck]] {
    [
      logits, caches, autoregression, files, schedules, llada, dream, blockCausal, blockDecoding,
      speculation, fastDLLM, pictures,
    ]
  }

  /// The check for a kind; nil for an unknown kind.
  public static func check(_ kind: String) -> CaseCheck? {
    groups.lazy.compactMap { $0[kind] }.first
  }

  public static var kinds: [String] { groups.flatMap(\.keys).sorted() }
}
