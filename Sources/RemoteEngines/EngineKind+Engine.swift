extension EngineConfiguration {
  /// The engine of the kind that is configured. Throws where the settings lack a model.
  func engine() throws(RemoteError) -> any RemoteEngine {
    guard let model else {
      guard !kind.needsModel else { throw RemoteError(self, .noModel) }
      return kind.engine(model: nil, canvas)
    }
    return kind.engine(model: model, canvas)
  }
}

extension EngineKind {
  /// `model` is empty only where the server does not need one.
  fileprivate func engine(model: String?, _ canvas: CanvasForm) -> any RemoteEngine {
    let name = model ?? ""
    return switch self {
    case .vllmCanvas: CanvasEngine(model: name, canvas)
    case .mercuryFIM: MercuryFIMEngine(model: name)
    case .mercuryEdit: MercuryEditEngine(model: name)
    case .mercuryChat: MercuryChatEngine(model: name)
    case .palimpsest: PalimpsestEngine(model: model)
    case .completions: CompletionsEngine(model: model)
    case .llamaInfill: LlamaInfillEngine()
    case .ollama: OllamaEngine(model: name)
    case .codestral: CodestralEngine(model: name)
    case .deepseek: DeepSeekEngine(model: name)
    case .unsloth: UnslothEngine(model: model)
    }
  }
}
