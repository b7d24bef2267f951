internal import Checkpoints
internal import Tokenizers

extension ChatTemplate {
  /// Whether a checkpoint was tuned to follow instructions: it has a chat template, and its name
  /// does not contain `base`.
  static func isTuned(_ checkpoint: Checkpoint) throws -> Bool {
    let name = checkpoint.path.split(separator: "/").last.map(String.init) ?? checkpoint.path
    return try ChatTemplate.source(of: checkpoint) != nil && !name.lowercased().contains("base")
  }

  /// The template of a checkpoint that was tuned; nil for others.
  static func tuned(_ checkpoint: Checkpoint, _ tokenizer: Tokenizer) throws -> ChatTemplate? {
    try isTuned(checkpoint) ? ChatTemplate(checkpoint, tokenizer: tokenizer) : nil
  }
}
