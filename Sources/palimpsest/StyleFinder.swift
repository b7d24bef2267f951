import Editing
internal import Platform
import Settings
import Storage

/// Applies `.editorconfig` files to documents, and reports each error in them once.
@MainActor
final class StyleFinder {
  private var reported: Set<String> = []
  private let read: (String) -> String?

  /// Largest part of a file that is read, in bytes.
  private nonisolated static let largest = 1 << 20

  /// `read` gives the text of a file; nil where there is none.
  init(read: @escaping (String) -> String? = StyleFinder.text) {
    self.read = read
  }

  private nonisolated static func text(_ path: String) -> String? {
    // Opening a fifo would wait for ever.
    let status = try? SystemFiles().status(at: path, followingLink: true)
    guard status?.kind == .regular, let bytes = try? Files.read(path, upTo: largest) else {
      return nil
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The style of the document at an absolute path, and what is wrong that was not reported before.
  func style(of path: String) -> (style: DocumentStyle, message: Message?) {
    let found = EditorConfig.style(of: path, read: read)
    let faults = found.warnings.filter { reported.insert("\($0)").inserted }
    return (found.value, faults.isEmpty ? nil : .warning(faults.text))
  }
}
