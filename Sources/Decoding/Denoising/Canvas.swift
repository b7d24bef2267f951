public import Tensors

/// The passage being denoised: a row of slots, each open, showing a token, or predicted surplus.
///
/// A canvas is a value. Where it came from does not matter: all masks, half filled, with pinned
/// tokens in the middle, or a copy kept from an earlier step.
public struct Canvas: Sendable, Equatable {
  public enum Content: Sendable, Hashable {
    /// A mask.
    case masked
    case token(Int)
    /// Predicted to be surplus: takes a position, has no text, is never context.
    case deleted
  }

  public struct Slot: Sendable, Equatable {
    public var content: Content
    /// Chosen by a person: no step changes it.
    public var isPinned: Bool
    /// Probability of the shown token when it was chosen; of the best candidate while masked.
    public var confidence: Float
    /// What was considered at the step that last looked at this slot, best first.
    public var candidates: TokenCandidates

    public init(
      _ content: Content, isPinned: Bool = false, confidence: Float = 0,
      candidates: TokenCandidates = []
    ) {
      precondition(!(isPinned && content == .masked), "a masked slot cannot be pinned")
      self.content = content
      self.isPinned = isPinned
      self.confidence = confidence
      self.candidates = candidates
    }
  }

  public private(set) var slots: [Slot]
  /// Number of slots at the start; growth stops once there are twice as many.
  public let firstLength: Int

  /// `count` masks.
  public init(masks count: Int) {
    precondition(count >= 0, "negative slot count \(count)")
    slots = Array(repeating: Slot(.masked), count: count)
    firstLength = count
  }

  /// The given slots; `firstLength` nil means as many as given.
  public init(_ slots: [Slot], firstLength: Int? = nil) {
    self.slots = slots
    self.firstLength = firstLength ?? slots.count
  }

  public var count: Int { slots.count }

  /// Indices of the masks, from the left. O(slots).
  public var maskedSlots: [Int] { slots.indices.filter { slots[$0].content == .masked } }

  /// Whether no mask is left. O(slots).
  public var isFilled: Bool { !slots.contains { $0.content == .masked } }

  /// Slots whose content differs from that of the slot with the same index in `other`, or that
  /// `other` does not have, increasing. O(slots).
  public func changedSlots(since other: Canvas) -> [Int] {
    slots.indices.filter {
      !other.slots.indices.contains($0) || other.slots[$0].content != slots[$0].content
    }
  }

  /// Masks in `range`. O(range).
  func maskedCount(in range: Range<Int>) -> Int { slots[range].count { $0.content == .masked } }

  /// Slots before the first that is open or deleted: what may become context. O(slots).
  public var committedCount: Int {
    slots.firstIndex { $0.content == .masked || $0.content == .deleted } ?? slots.count
  }

  /// Tokens shown, from the left, masks and surplus slots left out. O(slots).
  public var shownTokens: [Int] {
    slots.compactMap { if case .token(let token) = $0.content { token } else { nil } }
  }

  /// Puts `content` into a slot that is not pinned.
  public mutating func place(
    _ content: Content, at index: Int, confidence: Float, candidates: TokenCandidates
  ) {
    precondition(!slots[index].isPinned, "slot \(index) is pinned")
    slots[index] = Slot(content, confidence: confidence, candidates: candidates)
  }

  /// Records what a step thinks of a slot without changing what it shows.
  mutating func note(_ prediction: SlotPrediction) {
    slots[prediction.slot].confidence = prediction.probability
    slots[prediction.slot].candidates = prediction.candidates
  }

  /// Makes a slot that is not pinned a mask again.
  mutating func remask(_ index: Int) {
    precondition(!slots[index].isPinned, "slot \(index) is pinned")
    slots[index] = Slot(.masked)
  }

  /// Turns each of the slots in `expanded` into two masks and takes those in `removed` out. Returns
  /// where each slot went: no, one or two places. O(slots · changes).
  mutating func resize(expanding expanded: [Int], removing removed: [Int]) -> [Range<Int>] {
    var places: [Range<Int>] = []
    var resized: [Slot] = []
    places.reserveCapacity(slots.count)
    resized.reserveCapacity(slots.count + expanded.count)
    for (index, slot) in slots.enumerated() {
      let start = resized.count
      if expanded.contains(index) {
        resized.append(Slot(.masked))
        resized.append(Slot(.masked))
      } else if !removed.contains(index) {
        resized.append(slot)
      }
      places.append(start..<resized.count)
    }
    slots = resized
    return places
  }
}
