/// The interfaces of services that can fill a passage. The raw value is `kind` in the settings.
public enum EngineKind: String, Sendable, CaseIterable {
  /// One-step reads of vLLM's diffusion models: our policies drive them.
  case vllmCanvas = "vllm-canvas"
  case mercuryFIM = "mercury-fim"
  case mercuryEdit = "mercury-edit"
  case mercuryChat = "mercury-chat"
  /// `palimpsest serve`.
  case palimpsest
  /// `/v1/completions` with `suffix`: vLLM, SGLang and others.
  case completions = "openai-completions"
  case llamaInfill = "llama-infill"
  case ollama
  case codestral
  case deepseek
  /// Chat with `diffusion_frame` events.
  case unsloth

  /// The address that a service of this kind has unless the settings name one.
  public var standardAddress: String {
    switch self {
    case .vllmCanvas, .completions: "http://localhost:8000"
    case .mercuryFIM, .mercuryEdit, .mercuryChat: "https://api.inceptionlabs.ai"
    case .palimpsest: "http://localhost:8012"
    case .llamaInfill: "http://localhost:8080"
    case .ollama: "http://localhost:11434"
    case .codestral: "https://codestral.mistral.ai"
    case .deepseek: "https://api.deepseek.com/beta"
    case .unsloth: "http://localhost:8001"
    }
  }

  /// nil where the settings have to name one, or the server has only one.
  public var standardModel: String? {
    switch self {
    case .vllmCanvas: "google/diffusiongemma-26B-A4B-it"
    case .mercuryFIM, .mercuryEdit: "mercury-edit-2"
    case .mercuryChat: "mercury-2"
    case .codestral: "codestral-latest"
    case .deepseek: "deepseek-chat"
    case .palimpsest, .completions, .llamaInfill, .ollama, .unsloth: nil
    }
  }

  /// Whether a request has to name a model.
  public var needsModel: Bool {
    switch self {
    case .palimpsest, .llamaInfill, .completions, .unsloth: false
    default: true
    }
  }

  /// The variable that a key is usually in; nil for services without keys.
  public var standardKey: KeySource {
    switch self {
    case .mercuryFIM, .mercuryEdit, .mercuryChat: .environment("INCEPTION_API_KEY")
    case .codestral: .environment("CODESTRAL_API_KEY")
    case .deepseek: .environment("DEEPSEEK_API_KEY")
    case .vllmCanvas, .palimpsest, .completions, .llamaInfill, .ollama, .unsloth: .none
    }
  }

  /// What its interface can do. Whether a server does it, `palimpsest engine check` finds out.
  public var capabilities: EngineCapabilities {
    switch self {
    case .vllmCanvas:
      EngineCapabilities(
        seesSuffix: .yes, frames: .steps, confidences: true, pins: .held, tries: false,
        instructions: true)
    case .mercuryFIM, .codestral, .deepseek, .ollama:
      EngineCapabilities(
        seesSuffix: self == .ollama ? .dependsOnModel : .yes, frames: .fromTheLeft,
        confidences: false, pins: .between, tries: false, instructions: false)
    case .llamaInfill:
      EngineCapabilities(
        seesSuffix: .dependsOnModel, frames: .fromTheLeft, confidences: true, pins: .between,
        tries: false, instructions: false)
    case .palimpsest:
      EngineCapabilities(
        seesSuffix: .yes, frames: .steps, confidences: true, pins: .between, tries: true,
        instructions: true)
    case .completions:
      EngineCapabilities(
        seesSuffix: .dependsOnModel, frames: .fromTheLeft, confidences: true, pins: .between,
        tries: true, instructions: false)
    case .mercuryEdit:
      EngineCapabilities(
        seesSuffix: .yes, frames: .none, confidences: false, pins: .between, tries: false,
        instructions: false)
    case .mercuryChat, .unsloth:
      EngineCapabilities(
        seesSuffix: .yes, frames: .whole, confidences: false, pins: .between, tries: false,
        instructions: true)
    }
  }
}

/// What an interface can do for a passage.
public struct EngineCapabilities: Sendable, Equatable {
  public enum Suffix: String, Sendable {
    case yes
    case dependsOnModel = "depends on the model"
  }

  public enum Frames: String, Sendable {
    /// The text comes at once.
    case none
    /// Text is appended.
    case fromTheLeft = "from the left"
    /// The whole text comes again and again.
    case whole = "whole text"
    /// Each denoising step, slot by slot.
    case steps = "every step"
  }

  public enum Pins: String, Sendable {
    /// Each part between pinned words is a request of its own.
    case between = "kept, a request for each part between them"
    /// The model sees them in their places.
    case held = "seen in their places"
  }

  public var seesSuffix: Suffix
  public var frames: Frames
  /// Whether tokens come with their probabilities.
  public var confidences: Bool
  public var pins: Pins
  /// Whether one request can ask for several tries.
  public var tries: Bool
  public var instructions: Bool
}
