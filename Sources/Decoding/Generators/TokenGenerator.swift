/// Writes text after a prompt, a step at a time.
///
/// A generator is a value with its own `DecodingContext`. All generators report the same
/// `Step`, so that a view of denoising shows any of them. After an error `next` may be called
/// again.
public protocol TokenGenerator {
  /// The text after the prompt: tokens, and masks of a block under way.
  var canvas: Canvas { get }

  /// The next step, or nil after the last.
  mutating func next() throws -> Step?

  /// Slots from the left that no step after `step`, the last one made, changes, as far as no mask
  /// is among them.
  func certainCount(after step: Step) -> Int
}

extension TokenGenerator {
  /// Drafts are not certain; of a verification, what it kept.
  public func certainCount(after step: Step) -> Int {
    switch step.phase {
    case .draft: 0
    case .verify: (step.committed.last ?? -1) + 1
    case .denoise, .encode: step.canvas.count
    }
  }

  /// Makes all steps that are left.
  public mutating func finish() throws -> [Step] {
    var steps: [Step] = []
    while let step = try next() { steps.append(step) }
    return steps
  }

  /// The generated tokens.
  public var tokens: [Int] { canvas.shownTokens }
}

/// When a generator ends, and what it never writes.
public struct GenerationLimits: Sendable, Equatable {
  /// The text ends after this many tokens.
  public var maximumTokens: Int
  /// The text ends with the first of these.
  public var stopTokens: Set<Int>
  /// Ids never written: rows of the head that have no token, and the mask, unless it is to be what
  /// the published code makes of it.
  public var banned: [Int]

  public init(maximumTokens: Int, stopTokens: Set<Int> = [], banned: [Int] = []) {
    precondition(maximumTokens >= 0, "\(maximumTokens) tokens")
    self.maximumTokens = maximumTokens
    self.stopTokens = stopTokens
    self.banned = banned
  }
}
