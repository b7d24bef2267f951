import Editing
import Foundation
import TestSupport
import Testing

/// `Docs/Keys.md` is made from the keymap. `UPDATE_GOLDEN=1` writes it instead of comparing.
@Suite struct KeysPageTests {
  @Test func theFileIsCurrent() throws {
    let path = SharedFiles.packageRoot + "/Docs/Keys.md"
    let page = KeysPage(.standard).text
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      return try page.write(toFile: path, atomically: true, encoding: .utf8)
    }
    let file = try String(contentsOfFile: path, encoding: .utf8)
    #expect(file == page, "Docs/Keys.md is not current: run `make keys` and read the difference.")
  }
}

/// All commands with their keys, as Markdown.
private struct KeysPage {
  let text: String

  init(_ keymap: Keymap) {
    var lines = [
      "# Keys", "",
      "Generated from the keymap by `make keys`; do not edit by hand. F1 lists the keys in the editor.",
      "`Docs/Configuration.md` describes how to change them.", "",
    ]
    for mode in Mode.allCases {
      lines += ["## \(Self.title(of: mode))", "", "Table `[keys.\(mode.rawValue)]`.", ""]
      lines += ["| keys | command | what it does |", "|---|---|---|"]
      lines += keymap.table(for: mode).map { keys, command in
        let keys = keys.map { "`\($0)`" }.joined(separator: ", ")
        return "| \(keys) | `\(command.name)` | \(command.title) |"
      }
      lines.append("")
    }
    let bound = Set(keymap.bindings.values.flatMap(\.values))
    let unbound = Command.all.filter { !bound.contains($0.name) }
    if !unbound.isEmpty {
      lines += ["## Without a key", "", "| command | what it does |", "|---|---|"]
      lines += unbound.map { "| `\($0.name)` | \($0.title) |" }
      lines.append("")
    }
    text = lines.joined(separator: "\n")
  }

  private static func title(of mode: Mode) -> String {
    switch mode {
    case .text: "In the text"
    case .review: "While a passage is under review"
    case .race: "In a race"
    case .recovery: "While unsaved text is offered"
    case .disk: "While a file that changed on disk is compared"
    case .prompt: "In a prompt"
    case .list: "In a list"
    case .help: "In the list of keys"
    }
  }
}
