internal import ArgumentParser
internal import Commands
internal import Decoding
internal import DecodingPolicies
internal import Inference
internal import JSON

struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Continue a prompt.",
    discussion: """
      Modes: ar writes token by token; diffusion fills blocks of masks; self-spec drafts \
      several tokens and keeps what ar would have written; quadratic drafts and verifies in one \
      pass. self-spec and quadratic write the same text as ar. `palimpsest model inspect` lists the \
      modes of a model.

      self-spec drafts by diffusion with models that were trained on blocks. With others it drafts \
      what followed the last tokens at an earlier place in the text, so it is quicker the more the \
      text repeats itself. With --block or --threshold an adapter drafts; that is slower than ar.

      The text goes to standard output as soon as it is final, figures to standard error with \
      --verbose. With --json each step is an object on one line: "step", "phase" (encode, denoise, \
      draft, verify), "changed" with slot, token and confidence, "slots", "masksLeft", \
      "milliseconds", "forwardPasses"; the last object has "text", "ids", "promptTokens", "tokens", \
      "forwardPasses", "tokensPerForward", "tokensPerSecond", "acceptanceLengths", "end" \
      (stop-token, stop-text, length).

      Examples:
        palimpsest generate 'The harbour lay quiet that morning;' --tokens 60
        palimpsest generate --chat 'Name three rivers.' --mode self-spec --json
        palimpsest generate --chat 'What is shown?' --image chart.png --model PATH
        palimpsest generate --file notes.md --temperature 0.8 --top-p 0.95 --seed 7

      Exit codes: 0 success; 1 failure, explained on standard error; 64 invalid command line.
      """)

  @Argument(help: ArgumentHelp("The prompt.", valueName: "prompt"))
  var prompt: String?

  @Option(
    help: ArgumentHelp("Read the prompt from a file; - is standard input.", valueName: "file"))
  var file: String?

  @Option(
    help: ArgumentHelp(
      "Decoding mode: \(ModeName.allValueStrings.joined(separator: ", ")). (default: ar if the model has it)",
      valueName: "mode"))
  var mode: ModeName?

  @Option(help: ArgumentHelp("Maximum number of tokens to write.", valueName: "n"))
  var tokens: Int = 128

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Text that ends the answer; may be repeated.", valueName: "text"))
  var stop: [String] = []

  @Flag(help: "Wrap the prompt in the model's chat template.")
  var chat = false

  @Option(
    help: ArgumentHelp("System message, with --chat.", valueName: "text"))
  var system: String?

  @Flag(help: "Write one JSON object per step.")
  var json = false

  @Flag(help: "Print tokens, passes and speed on standard error.")
  var verbose = false

  @OptionGroup(title: "Sampling") var sampling: SamplingArguments
  @OptionGroup(title: "Blocks") var blocks: BlockArguments
  @OptionGroup(title: "Diffusion") var decoding: DecodingArguments
  @OptionGroup(title: "Pictures") var pictures: PictureArguments
  @OptionGroup(title: "Model") var model: ModelOptions

  func validate() throws {
    if (prompt == nil) == (file == nil) {
      throw ValidationError("Give a prompt, or a file with --file.")
    }
    guard (1...1 << 20).contains(tokens) else {
      throw ValidationError("--tokens \(tokens) is not in 1...1048576.")
    }
    try decoding.check(
      steps: blocks.steps != nil, others: [("--threshold", blocks.threshold != nil)])
    if system != nil && !chat { throw ValidationError("--system requires --chat.") }
  }

  func run() throws {
    let text = try TextInput.text(prompt, file: file)
    let writer = try TextGenerator(model.source)
    var options = DecodingConfiguration.continuation
    options.mode = mode?.mode ?? writer.abilities.modes.first ?? .autoregressive
    options.guidance = blocks.guidance
    if options.mode == .diffusion, let unmasking = blocks.unmasking {
      options.unmasking = unmasking
    }
    decoding.apply(to: &options, steps: blocks.steps ?? 32)
    let request = GenerationRequest(
      prompt: text, decoding: options, maximumTokens: tokens, sampling: sampling.options,
      isChat: chat, system: system, stops: stop, draftThreshold: blocks.threshold ?? 0,
      draftLength: blocks.draft,
      usesDrafter: blocks.drafter, cachesBlock: blocks.blockCache, pictures: pictures.context)
    for glance in try writer.glance(at: pictures.context) {
      Console.error("palimpsest: \(glance.words).\n")
    }
    var written = 0
    let report = try writer.write(request) { step, text in
      if json {
        try Console.output(Self.object(step).serialized() + "\n")
      } else if stop.isEmpty {
        // Bytes at the end may be half a character.
        let bytes = Array(text.utf8)
        let whole = text.hasSuffix("\u{FFFD}") ? written : bytes.count
        if whole > written { try Console.output(Array(bytes[written..<whole])) }
        written = max(written, whole)
      }
    } onPictures: {
      $0.show()
    }
    if json {
      try Console.output(Self.object(report).serialized() + "\n")
    } else {
      try Console.output(
        String(decoding: Array(report.text.utf8)[written...], as: UTF8.self) + "\n")
    }
    if verbose { Console.error(Self.summary(report)) }
  }

  static func object(_ step: Step) -> JSONValue {
    let changed = step.changed.map { slot -> JSONValue in
      let content = step.canvas.slots[slot]
      var token = JSONValue.null
      if case .token(let id) = content.content { token = .integer(id) }
      return [
        "slot": .integer(slot), "token": token,
        "confidence": .rounded(Double(content.confidence)),
      ]
    }
    return [
      "step": .integer(step.index), "phase": .string(step.phase.rawValue),
      "changed": .array(changed), "slots": .integer(step.canvas.count),
      "masksLeft": .integer(step.canvas.maskedSlots.count),
      "milliseconds": .rounded(step.milliseconds), "forwardPasses": .integer(step.forwardPasses),
    ]
  }

  static func object(_ report: GenerationReport) -> JSONValue {
    [
      "text": .string(report.text), "ids": .array(report.tokens.map(JSONValue.integer)),
      "promptTokens": .integer(report.promptTokens), "tokens": .integer(report.tokens.count),
      "forwardPasses": .integer(report.forwardPasses),
      "tokensPerForward": .rounded(report.tokensPerForward),
      "tokensPerSecond": .rounded(report.tokensPerSecond),
      "acceptanceLengths": .array(report.acceptanceLengths.map(JSONValue.integer)),
      "promptMilliseconds": .rounded(report.promptMilliseconds),
      "milliseconds": .rounded(report.milliseconds), "end": .string(report.end.rawValue),
    ]
  }

  private static func summary(_ report: GenerationReport) -> String {
    let accepted =
      report.acceptanceLengths.isEmpty
      ? ""
      : ", \(tenths(Double(report.acceptanceLengths.reduce(0, +)) / Double(report.acceptanceLengths.count))) kept a verification"
    return """
      \(report.tokens.count) tokens, \(report.forwardPasses) forward passes \
      (\(tenths(report.tokensPerForward)) tokens a pass\(accepted)), \
      \(tenths(report.tokensPerSecond)) tokens/s; prompt of \(report.promptTokens) tokens in \
      \(Int(report.promptMilliseconds.rounded())) ms; ended by \(report.end.rawValue)

      """
  }

  private static func tenths(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
