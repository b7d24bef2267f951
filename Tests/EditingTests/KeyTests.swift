import Documents
import Editing
import Testing

@Suite struct KeyTests {
  @Test(arguments: [
    "Ctrl-Shift-Left", "Alt-Enter", "F5", "p", "P", "Space", "+", "-", "Ctrl--", "Esc", "F12", ".",
    "Shift-F3", "Ctrl-Space", "é", "日",
  ])
  func namesAreReadBack(_ name: String) {
    #expect(Key(name)?.description == name)
  }

  @Test(arguments: ["", "Ctrl-", "Super-A", "F99", "Entre", "ab"])
  func otherNamesAreRefused(_ name: String) {
    #expect(Key(name) == nil)
  }

  @Test func lettersWithControlAreLowerCase() {
    #expect(Key("Ctrl-S") == Key(.character("s"), .control))
    #expect(Key("ctrl-s")?.description == "Ctrl-S")
  }

  @Test func everyCommandIsNamedOnceAndExplained() {
    #expect(Set(Command.all.map(\.name)).count == Command.all.count)
    #expect(Command.all.allSatisfy { !$0.title.isEmpty && $0.title.count <= 48 })
  }

  @Test func keysCanBeRebound() {
    var keymap = Keymap.standard
    let key = Key("Ctrl-B")!
    let isBound = keymap.bind(key, in: .text, to: "rewrite")
    let isRefused = !keymap.bind(key, in: .text, to: "no-such-command")
    #expect(isBound && isRefused)
    #expect(keymap.keys(for: "rewrite", in: .text) == [key, Key("Alt-Enter")!, Key("F5")!])
    var editor = Editor(document: Document("One. Two."), keymap: keymap)
    let effects = editor.update(.key(key))
    #expect(effects.count == 1)
    let isFreed = keymap.bind(key, in: .text, to: nil)
    #expect(isFreed)
    #expect(keymap.keys(for: "rewrite", in: .text).count == 2)
  }

  @Test func keysAreBoundToCommandsOfTheirMode() {
    for mode in Mode.allCases {
      for (key, name) in Keymap.standard.bindings[mode] ?? [:] {
        let modes = Command.all.first { $0.name == name }?.modes
        #expect(modes?.contains(mode) == true, "\(key) in \(mode): \(name)")
      }
    }
  }

  @Test func keysThatTerminalsMergeAreFree() {
    for mode in Mode.allCases {
      for name in ["Ctrl-I", "Ctrl-M", "Ctrl-H", "Ctrl-J"] {
        #expect(Keymap.standard.bindings[mode]?[Key(name)!] == nil)
      }
    }
  }
}
