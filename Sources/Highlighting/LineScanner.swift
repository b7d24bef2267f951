internal import RegularExpressions
internal import Strings

/// Finds the tokens of one line.
struct LineScanner {
  private let subject: PatternSubject
  private let grammars: GrammarSet
  private let search = PatternSearch(budget: Self.budget)
  /// Regions that are open, the outermost first.
  private(set) var open: [OpenRegion]
  private(set) var tokens: [Highlighter.Token] = []
  /// Embedded languages without grammar.
  private(set) var wanted: Set<String> = []
  /// The grammar whose patterns took too long, after which nothing was looked for.
  private(set) var costlyGrammar: String?
  /// Regions that begin with the next line.
  private var nextLine: [OpenRegion] = []
  private var steps = 0

  /// Steps of the matcher for one match: an honest one takes a few for each byte of the line.
  private static let budget = 200_000
  /// Regions within regions that are followed.
  private static let deepest = 32

  init(_ bytes: [UInt8], open: [OpenRegion], grammars: GrammarSet) {
    subject = PatternSubject(bytes)
    self.open = open
    self.grammars = grammars
  }

  mutating func scan() {
    do {
      try scan(0..<subject.bytes.count, above: 0)
    } catch {
      costlyGrammar = grammars.all[open.last.map { $0.embedded ?? $0.grammar } ?? 0].name
    }
    endOneLineRegions()
    open += nextLine.prefix(max(0, Self.deepest - open.count))
  }

  /// Scans a part of the line. The outermost `floor` regions stay open.
  private mutating func scan(
    _ part: Range<Int>, above floor: Int
  ) throws(RegularExpressionError) {
    var position = part.lowerBound
    // An end or a beginning may be empty; so is the line, at whose end a region may end.
    while position <= part.upperBound, steps <= 4 * subject.bytes.count + 16 {
      steps += 1
      if let boundary = open.indices.dropFirst(floor).first(where: { open[$0].embedded != nil }) {
        let rest = position..<part.upperBound
        let end = try first(grammars.end(of: open[boundary]), rest)?.range
        if position < (end?.lowerBound ?? rest.upperBound) {
          try scan(position..<(end?.lowerBound ?? rest.upperBound), above: boundary + 1)
        }
        guard let end else { return }
        let region = open[boundary]
        open.removeSubrange(boundary...)
        add(end, delimiter(of: region))
        position = end.upperBound
        continue
      }
      let region = open.last
      let context = grammars.context(in: region)
      guard let match = try first(context, position..<part.upperBound) else {
        return add(position..<part.upperBound, role(in: region))
      }
      add(position..<match.range.lowerBound, role(in: region))
      position = match.range.upperBound
      switch context.targets[match.pattern] {
      case .end:
        if let region { add(match.range, delimiter(of: region)) }
        open.removeLast()
      case .rule(let name):
        let isPattern = begin(name, in: region, at: match.range)
        if isPattern, match.range.isEmpty {
          // Nothing matched: the next character does not begin there again.
          let start = position
          position += 1
          while position < part.upperBound, subject.bytes[position].isUTF8Continuation {
            position += 1
          }
          add(start..<min(position, part.upperBound), role(in: region))
        }
      }
    }
  }

  private func first(
    _ context: GrammarSet.Context, _ range: Range<Int>
  ) throws(RegularExpressionError) -> PatternSearch.Match? {
    guard let patterns = context.patterns else { return nil }
    return try search.first(of: patterns, in: subject, range: range)
  }

  /// Takes up the rule that matched; returns whether it is a pattern, and no region.
  private mutating func begin(
    _ name: String, in outer: OpenRegion?, at range: Range<Int>
  ) -> Bool {
    let number = outer.map { $0.embedded ?? $0.grammar } ?? 0
    guard let rule = grammars.all[number].rules[name] else { return true }
    guard case .region(let region) = rule.kind else {
      add(range, rule.role)
      return true
    }
    add(range, region.delimiter ?? rule.role)
    guard open.count + nextLine.count < Self.deepest else { return true }
    let groups = (1...PatternSearch.mostGroups).map { search.group($0) }
    let text = { (group: Int) -> String in
      groups[group - 1].map { String(decoding: subject.bytes[$0], as: UTF8.self) } ?? ""
    }
    var end = region.end(with: text)
    if rule.ignoresCase { end = "(?i:\(end))" }
    let begun = OpenRegion(
      grammar: number, rule: name, end: end, embedded: embedded(region.language(with: text)))
    if region.beginsOnNextLine { nextLine.append(begun) } else { open.append(begun) }
    return false
  }

  private mutating func embedded(_ name: String?) -> Int? {
    guard let name else { return nil }
    guard let language = LanguageNames.name(forWord: name) else { return -1 }
    if let index = grammars.index(named: language) { return index }
    if !grammars.missing.contains(language) { wanted.insert(language) }
    return -1
  }

  /// Regions that do not outlast their line, and those in them.
  private mutating func endOneLineRegions() {
    let line = String(decoding: subject.bytes.suffix(32), as: UTF8.self)
    let first = open.firstIndex { region in
      guard case .region(let rule)? = grammars.all[region.grammar].rules[region.rule]?.kind,
        rule.isOneLine
      else { return false }
      return !(rule.continuation.map { line.hasSuffix($0) } ?? false)
    }
    if let first { open.removeSubrange(first...) }
  }

  private func role(in region: OpenRegion?) -> SyntaxRole? {
    region.flatMap { grammars.all[$0.grammar].rules[$0.rule]?.role }
  }

  private func delimiter(of region: OpenRegion) -> SyntaxRole? {
    guard let rule = grammars.all[region.grammar].rules[region.rule],
      case .region(let details) = rule.kind
    else { return nil }
    return details.delimiter ?? rule.role
  }

  private mutating func add(_ range: Range<Int>, _ role: SyntaxRole?) {
    guard let role, !range.isEmpty else { return }
    if let last = tokens.last, last.role == role, last.range.upperBound == range.lowerBound {
      tokens[tokens.count - 1].range = last.range.lowerBound..<range.upperBound
    } else {
      tokens.append(Highlighter.Token(range: range, role: role))
    }
  }
}
