public import Infilling

extension InferenceError: ShareableError {
  public var sharedMessage: String { withoutFolders.description }

  private var withoutFolders: InferenceError {
    func name(_ path: String) -> String {
      path.split(separator: "/").last.map(String.init) ?? path
    }
    return switch self {
    case .noDefaultModel(let path): .noDefaultModel(path: name(path))
    case .cannotInfill(let path, let family): .cannotInfill(path: name(path), family: family)
    case .damagedAdapter(let path, let found): .damagedAdapter(path: name(path), found: found)
    case .wrongBase(let model, let adapter, let expected, let found):
      .wrongBase(
        model: name(model), adapter: name(adapter), expected: expected, found: found)
    case .refused(let path, let reason): .refused(path: name(path), reason: reason)
    case .noChatTemplate(let path): .noChatTemplate(path: name(path))
    case .followsNoInstructions(let model): .followsNoInstructions(model: name(model))
    case .seesNoPictures(let model): .seesNoPictures(model: name(model))
    case .unreadable(let path, let reason): .unreadable(path: name(path), reason: reason)
    case .noModel, .noAdapter, .passageTooLong, .promptTooLong, .missingLibrary: self
    }
  }
}
