/// A way to write text. The raw value is used in recordings.
public enum DecodingMode: String, Sendable, CaseIterable {
  /// Masks are filled in any order, with the text after them in view; of a prompt, blocks of masks. A
  /// model that fills no masks searches.
  case diffusion
  /// Drafts from the left are closed where the text after the passage follows, and the best is kept.
  case search
  /// One token after the other from the left, without the text after a passage.
  case autoregressive
  /// Several tokens drafted, by diffusion or from what recurs in the text, and verified from the
  /// left: the text of `autoregressive` in fewer passes.
  case selfSpeculation
  /// The same, each pass verifying the last draft and making the next.
  case quadratic

  /// The name on the command line and in messages.
  public var name: String {
    switch self {
    case .diffusion: "diffusion"
    case .search: "search"
    case .autoregressive: "ar"
    case .selfSpeculation: "self-spec"
    case .quadratic: "quadratic"
    }
  }

  /// The mode of a name.
  public init?(name: String) {
    guard let mode = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = mode
  }
}
