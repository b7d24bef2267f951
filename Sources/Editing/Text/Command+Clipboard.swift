internal import Documents

extension Command {
  static let clipboard: [Command] = [
    Command("cut", "Cut the selection, or the line") { $0.cut() },
    Command("copy", "Copy the selection, or the line") { $0.copy() },
    Command("paste", "Paste") { $0.insertPasted($0.clipboard) },
  ]
}

extension Editor {
  mutating func copy() {
    let range = selection.isEmpty ? linesOfSelection() : selection.range
    guard !range.isEmpty else { return show(.nothingToCopy) }
    clipboard = document.text.string(in: range)
    emit(.copy(clipboard))
    show(.copied(isLine: selection.isEmpty))
  }

  mutating func cut() {
    let range = selection.isEmpty ? linesOfSelection() : selection.range
    guard !range.isEmpty else { return show(.nothingToCut) }
    let text = document.text.string(in: range)
    guard replace(range, with: [], label: "cut") else { return }
    clipboard = text
    emit(.copy(text))
  }

  /// Inserts text as one undo node, without indenting it.
  mutating func insertPasted(_ text: String) {
    guard !text.isEmpty else { return show(.clipboardEmpty) }
    let bytes = Array(withDocumentLineEnds(text).utf8)
    replace(selection.range, with: bytes, label: "paste")
  }

  /// `text` with the line ends that the Enter key makes.
  func withDocumentLineEnds(_ text: String) -> String {
    let ending = String(decoding: document.lineEnding.bytes, as: UTF8.self)
    var result = ""
    for character in text {
      if character == "\n" || character == "\r\n" || character == "\r" {
        result += ending
      } else {
        result.append(character)
      }
    }
    return result
  }
}
