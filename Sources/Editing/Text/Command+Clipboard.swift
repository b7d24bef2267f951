internal import Documents

extension Command {
  static let clipboard: [Command] = [
    Command("cut", "Cut the selection, or the line") { $0.cut() },
    Command("copy", "Copy the selection, or the line") { $0.copy() },
    Command("paste", "Paste") { editor in
      if !editor.ask(for: .clipboard) { editor.insertPasted(editor.clipboard) }
    },
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

  /// Asks the desktop for text, once for all cursors; false without a desktop.
  mutating func ask(for source: ClipboardSource) -> Bool {
    guard asksForClipboard else { return false }
    if !effects.contains(.readClipboard(source)) { emit(.readClipboard(source)) }
    return true
  }

  /// Pastes what the desktop has, or what was copied here if it has nothing.
  mutating func receiveClipboard(_ text: String?, from source: ClipboardSource) {
    if source == .primary {
      if let text, !text.isEmpty { receivePaste(text) }
      return
    }
    if let text, !text.isEmpty { clipboard = text }
    receivePaste(clipboard)
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
