internal import Checkpoints
internal import Platform

/// Under what licence a checkpoint says that its weights come.
enum ModelLicence {
  /// Bytes of a file that are looked at.
  private static let most = 1 << 16

  /// The name in the metadata of a GGUF file, the model card beside the weights, or the first line of a
  /// licence's text; nil where none is given.
  static func name(in checkpoint: Checkpoint) -> String? {
    if let metadata = checkpoint.gguf?.metadata {
      return metadata["general.license.name"]?.string ?? metadata["general.license"]?.string
    }
    if let card = text("README.md", checkpoint), let name = name(inCard: card) { return name }
    for file in ["LICENSE", "LICENSE.md", "LICENSE.txt"] {
      guard let text = text(file, checkpoint) else { continue }
      let lines = text.split(whereSeparator: \.isNewline).map { $0.drop { " \t#*".contains($0) } }
      if let first = lines.first(where: { !$0.isEmpty }) { return String(first.prefix(80)) }
    }
    return nil
  }

  /// `license_name`, else `license`, of the front matter of a model card.
  static func name(inCard card: String) -> String? {
    let lines = card.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.first?.hasPrefix("---") == true else { return nil }
    var found: [Substring: String] = [:]
    for line in lines.dropFirst().prefix(while: { !$0.hasPrefix("---") }) {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let value = line[line.index(after: colon)...].filter { !"\"'\r".contains($0) }
      let name = value.drop { $0 == " " }
      if !name.isEmpty { found[line[..<colon]] = String(name.prefix(80)) }
    }
    return found["license_name"] ?? found["license"]
  }

  private static func text(_ name: String, _ checkpoint: Checkpoint) -> String? {
    guard checkpoint.source != .packed, let path = checkpoint.fileInFolder(name) else { return nil }
    return (try? Files.read(path, upTo: most)).map { String(decoding: $0, as: UTF8.self) }
  }
}
