/// Why text cannot be made; the description includes what to do.
public enum InferenceError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The default model has not been fetched.
  case noDefaultModel(path: String)
  /// No model of this name in the library and no file at this path.
  case noModel(String)
  /// A checkpoint that continues text but was not trained to fill a passage.
  case cannotInfill(path: String, family: String)
  case noAdapter
  /// The built-in adapter's file is not the one this program was made with.
  case damagedAdapter(path: String, found: String)
  /// An adapter beside a base it was not trained on.
  case wrongBase(model: String, adapter: String, expected: String, found: String)
  case passageTooLong(tokens: Int, limit: Int)
  case promptTooLong(tokens: Int, limit: Int)
  /// A mode or an option that does not apply to the model.
  case refused(path: String, reason: String)
  case noChatTemplate(path: String)
  /// An instruction for a model that was not tuned to follow any.
  case followsNoInstructions(model: String)
  /// A picture for a model without a vision tower.
  case seesNoPictures(model: String)
  case unreadable(path: String, reason: String)
  /// A library that is loaded by its first use is not installed; the message names its package.
  case missingLibrary(String)

  public var description: String {
    switch self {
    case .noDefaultModel(let path):
      "Default model not found at \(path). Run `palimpsest model fetch`."
    case .noModel(let name):
      "No model \(name): not a path, and not in \(ModelLibrary.folder)."
    case .cannotInfill(let path, let family):
      """
      \(path) is a \(family) model that continues text; it was not trained to fill a passage. Give \
      an adapter for it with --adapter, use a diffusion model, or write from left to right, without \
      the text after the passage, with --mode ar.
      """
    case .noAdapter:
      """
      The default model's adapter was not found beside the program nor in its share/palimpsest \
      folder. Reinstall the program, or give the file with --adapter.
      """
    case .damagedAdapter(let path, let found):
      "\(path): expected sha256 \(DefaultModel.adapterDigest), found \(found)"
    case .wrongBase(let model, let adapter, let expected, let found):
      """
      \(adapter) was trained on another base than \(model): expected sha256 \(expected), \
      found \(found)
      """
    case .passageTooLong(let tokens, let limit):
      "The passage has \(tokens) tokens; this model fills at most \(limit) at once. Select less."
    case .promptTooLong(let tokens, let limit):
      "The prompt has \(tokens) tokens; this model reads at most \(limit)."
    case .refused(let path, let reason): "\(path): \(reason)."
    case .noChatTemplate(let path):
      "\(path): no known chat template matches its tokenizer; omit --chat."
    case .followsNoInstructions(let model):
      """
      \(model) does not support instructions. Pin words that must appear, or load an \
      instruction-tuned diffusion model with --model: LLaDA-8B-Instruct, \
      Dream-v0-Instruct-7B, Nemotron-Labs-Diffusion.
      """
    case .seesNoPictures(let model):
      """
      \(model) sees no pictures: it has no vision tower, or no tokens for pictures. Load a model that \
      does with --model: Nemotron-Labs-Diffusion-VLM-8B.
      """
    case .unreadable(let path, let reason): "\(path): \(reason)"
    case .missingLibrary(let message): message
    }
  }
}
