import Inference

/// The default model where `palimpsest model fetch` puts it.
enum InstalledModel {
  static let isThere = (try? ModelLibrary.path(of: nil)) != nil
}
