internal import Decoding
internal import DecodingPolicies
internal import Infilling
internal import Transformers

/// A request as a session begins with it: in tokens, cut into parts, and the way from slots back to
/// text.
struct PassageSetup {
  let passage: PassageText
  let windows: PassageText.Window
  let text: CellText
  let parts: [PassageParts.Part]
  /// Ids that nothing in the passage may be: line breaks where it stays within a line.
  let banned: [Int]

  /// - Parameters:
  ///   - instruction: tokens that take room from the text before; nil for a model that follows none.
  ///   - pictures: tokens that take room from the context.
  ///   - slots: the number of masks for a number of tokens of the passage.
  init(
    _ request: InfillRequest, _ model: any InfillModel, instruction: Int? = nil, pictures: Int = 0,
    slots: (Int) -> Int
  ) {
    let (settings, configuration) = (request.settings, model.configuration)
    let limit = PassageText.slotLimit(configuration)
    var windows = PassageText.Window(
      configuration, slots: min(limit, settings.slots ?? limit), taken: pictures)
    if let instruction { windows.prefix = max(8, windows.prefix - instruction) }
    let passage = PassageText(request, tokenizer: model.tokenizer, window: windows)
    let text = CellText(
      tokenizer: model.tokenizer, tokens: model.canvasTokens,
      dropsLeadingBlank: passage.dropsLeadingBlank, beginsWithBlank: passage.beginsWithBlank,
      tail: passage.tail)
    parts =
      PassageParts(
        canvas: request.canvas.map {
          text.canvas($0, vocabularySize: configuration.vocabularySize)
        },
        original: request.original.isEmpty ? [] : passage.original,
        limit: settings.mode == .diffusion ? limit : .max, isEnd: model.tokenizer.endsSentence,
        slots: slots
      ).parts
    banned = request.staysWithinLine ? model.lineBreaks : []
    self.passage = passage
    self.windows = windows
    self.text = text
  }

  /// Part `index` with what is around it, the slots of those before it being `done`.
  func request(_ index: Int, done: [Canvas.Slot]) -> PassageParts.Request {
    var prefix = passage.prefix + Canvas(done).shownTokens
    var suffix = passage.suffix
    if index > 0 {
      // Cut at the same place as the next part, so that most of it is cached then.
      let surplus = max(0, prefix.count - windows.prefix)
      prefix.removeFirst((surplus + windows.step - 1) / windows.step * windows.step)
    }
    if index + 1 < parts.count {
      suffix = passage.original[parts[index].original.upperBound...] + suffix
      suffix = Array(suffix.prefix(windows.suffix))
    }
    return PassageParts.Request(prefix: prefix, suffix: suffix, part: parts[index])
  }
}

extension InfillRequest {
  /// Whether the passage is part of a line and is filled without line breaks.
  var staysWithinLine: Bool {
    !original.isEmpty && !original.contains(where: \.isNewline)
  }
}

extension DecodingConfiguration {
  /// Slots for a passage of `count` tokens that is written from the left.
  func writtenSlots(for count: Int) -> Int { slots ?? (count > 0 ? count : 8) }
}
