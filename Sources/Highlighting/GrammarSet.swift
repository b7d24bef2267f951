internal import RegularExpressions
internal import Synchronization

/// Grammars and their compiled rules, which are made when they are first needed.
final class GrammarSet: Sendable {
  /// What a match means at a place.
  enum Target {
    case end
    case rule(String)
  }

  /// The rules that count at a place.
  struct Context {
    /// Nil if there is none.
    var patterns: PatternSet?
    var targets: [Target]
  }

  private struct Place: Hashable {
    var grammar: Int
    var rule: String?
    var end: String?
  }

  let all: [Grammar]
  /// Languages that there is no grammar for.
  let missing: Set<String>
  private let compiled = Mutex<[Place: Context]>([:])

  /// Each end of a heredoc is one.
  private static let mostCompiled = 500

  init(_ grammars: [Grammar], missing: Set<String> = []) {
    all = grammars
    self.missing = missing
  }

  func index(named name: String) -> Int? { all.firstIndex { $0.name == name } }

  /// The rules within a region, or outside of all in a grammar.
  func context(in region: OpenRegion?) -> Context {
    guard let region else { return context(Place(grammar: 0)) }
    if let embedded = region.embedded {
      return embedded < 0
        ? Context(patterns: nil, targets: []) : context(Place(grammar: embedded))
    }
    return context(Place(grammar: region.grammar, rule: region.rule, end: region.end))
  }

  /// The end of a region alone.
  func end(of region: OpenRegion) -> Context {
    context(Place(grammar: region.grammar, end: region.end))
  }

  private func context(_ place: Place) -> Context {
    compiled.withLock { contexts in
      if let context = contexts[place] { return context }
      if contexts.count >= Self.mostCompiled { contexts = [:] }
      let context = make(place)
      contexts[place] = context
      return context
    }
  }

  private func make(_ place: Place) -> Context {
    let grammar = all[place.grammar]
    var patterns: [String] = []
    var targets: [Target] = []
    if let end = place.end {
      patterns.append(end)
      targets.append(.end)
    }
    var names = place.end == nil ? grammar.start : []
    if let name = place.rule, case .region(let region)? = grammar.rules[name]?.kind {
      names = region.inside.flatMap { $0 == Grammar.startName ? grammar.start : [$0] }
    }
    for name in names {
      guard let rule = grammar.rules[name] else { continue }
      patterns.append(rule.pattern)
      targets.append(.rule(name))
    }
    guard !patterns.isEmpty else { return Context(patterns: nil, targets: []) }
    // Each compiles by itself; one that does not with the others leaves the place plain.
    return Context(patterns: try? PatternSet(patterns), targets: targets)
  }
}
