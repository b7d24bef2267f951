import Documents
import Editing
import Testing

/// Settings and themes are listed and changed in the editor; a test answers for the runtime.
struct SettingsListTests {
  private static let choices = [
    SettingChoice(
      name: "editor.line-numbers", title: "Show line numbers", value: "true", kind: .toggle(true)),
    SettingChoice(
      name: "editor.focus", title: "What is not dimmed", value: "off",
      kind: .choice(["off", "paragraph", "sentence"])),
    SettingChoice(
      name: "editor.tab-width", title: "Columns between tab stops", value: "4",
      kind: .entry(expected: "a whole number from 1 to 16")),
    SettingChoice(
      name: "model", title: "Model", value: "", absent: "the default model",
      kind: .entry(expected: "a string")),
  ]

  private func opened() -> Desk {
    var desk = Desk("One two.▮")
    desk.press("Ctrl-P")
    desk.type("settings")
    desk.press("Enter")
    #expect(desk.effects.contains(.listSettings))
    desk.send(.settings(.list(Self.choices)))
    return desk
  }

  private func changed(_ desk: inout Desk, _ index: Int, to value: String) {
    var choice = Self.choices[index]
    choice.value = value
    if case .toggle = choice.kind { choice.kind = .toggle(value == "true") }
    desk.send(.settings(.changed(choice, isDelayed: false)))
  }

  @Test func aBooleanIsSwitchedAndTheListStays() {
    var desk = opened()
    #expect(desk.editor.picker?.items.map(\.detail) == ["true", "off", "4", "the default model"])
    desk.press("Enter")
    #expect(desk.effects.contains(.changeSetting("editor.line-numbers", "false")))
    changed(&desk, 0, to: "false")
    #expect(desk.editor.mode == .list && desk.editor.picker?.items[0].detail == "false")
    #expect(desk.editor.message?.text == "editor.line-numbers: false")
    desk.press("Enter")
    #expect(desk.effects.contains(.changeSetting("editor.line-numbers", "true")))
  }

  @Test func oneOfSeveralValuesIsFollowedByTheNext() {
    var desk = opened()
    desk.press("Down", "Enter")
    #expect(desk.effects.contains(.changeSetting("editor.focus", "paragraph")))
    changed(&desk, 1, to: "sentence")
    desk.press("Enter")
    #expect(desk.effects.contains(.changeSetting("editor.focus", "off")))
  }

  @Test func numbersAreTyped() {
    var desk = opened()
    desk.type("tab")
    #expect(desk.editor.picker?.items.count == 1)
    desk.press("Enter")
    #expect(desk.editor.prompt?.label == "tab-width (a whole number from 1 to 16): ")
    #expect(desk.editor.prompt?.text == "4")
    desk.type("99")
    desk.press("Enter")
    #expect(desk.effects.contains(.changeSetting("editor.tab-width", "99")))
    desk.send(.settings(.refused(Self.choices[2], typed: "99", "expected less")))
    #expect(desk.editor.prompt?.text == "99" && desk.editor.message?.text == "expected less")
    desk.press("Esc")
    #expect(desk.editor.mode == .list)
  }

  /// What was changed is offered for the file when the list is closed, all of it.
  @Test(arguments: [("y", true), ("n", false), ("Esc", false)])
  func whatWasChangedCanBeKept(key: String, writes: Bool) {
    var desk = opened()
    changed(&desk, 0, to: "false")
    changed(&desk, 2, to: "8")
    changed(&desk, 2, to: "2")
    desk.press("Esc")
    #expect(desk.editor.prompt?.label == "Write 2 settings to config.toml? ")
    desk.effects = []
    desk.press(key)
    #expect(
      desk.effects.contains(.writeSettings(["editor.line-numbers", "editor.tab-width"])) == writes)
    #expect(desk.editor.mode == .text)
    desk.send(.settings(.written("/home/me/config.toml")))
    #expect(desk.editor.message?.text == "Written to /home/me/config.toml")
  }

  @Test func nothingChangedIsNotAskedAbout() {
    var desk = opened()
    desk.press("Esc")
    #expect(desk.editor.mode == .text && desk.marked == "One two.▮")
  }

  @Test func changesShowInAllDocuments() {
    var workspace = Workspace(OpenedDocument(Document("a\tb", path: "one.txt")))
    workspace.open(OpenedDocument(Document("c\td", path: "two.txt")), as: DocumentID.atStart(2)[1])
    var settings = workspace.shown.settings
    let before = settings
    settings.tabWidth = 8
    settings.showsLineNumbers = false
    settings.focus = .sentence
    _ = workspace.update(.adopted(settings, before: before))
    for id in workspace.documents {
      #expect(workspace[id]?.settings == settings && workspace[id]?.focusMode == .sentence)
      #expect(workspace[id]?.gutterWidth == 2)
      #expect(workspace[id]?.rows().first?.cells.last?.column == 8)
    }
  }

  // MARK: Themes

  private func listed() -> Desk {
    var desk = Desk("One two.▮")
    desk.press("Ctrl-P")
    desk.type("choose the theme")
    desk.press("Enter")
    #expect(desk.effects.contains(.listThemes))
    desk.send(.settings(.themes(["dark", "light", "sepia"], used: "light")))
    desk.effects = []
    return desk
  }

  private func previews(_ desk: Desk) -> [String] {
    desk.effects.compactMap { if case .previewTheme(let name) = $0 { name } else { nil } }
  }

  @Test func movingThroughTheListPreviews() {
    var desk = listed()
    #expect(desk.editor.picker?.selected == 1)
    desk.press("Down", "Up", "Up")
    #expect(previews(desk) == ["sepia", "light", "dark"])
    desk.press("Esc")
    #expect(previews(desk).last == "light" && desk.editor.mode == .text)
  }

  @Test func typingNarrowsAndPreviews() {
    var desk = listed()
    desk.type("sep")
    #expect(desk.editor.picker?.items.map(\.text) == ["sepia"] && previews(desk).last == "sepia")
    desk.type("x")
    #expect(desk.editor.picker?.items.isEmpty == true)
    desk.press("Esc")
    #expect(previews(desk).last == "light" && desk.marked == "One two.▮")
  }

  @Test func aChosenThemeCanBeKept() {
    var desk = listed()
    desk.press("Up", "Enter")
    #expect(desk.effects.contains(.changeSetting("theme", "dark")))
    desk.send(
      .settings(
        .changed(
          SettingChoice(name: "theme", title: "Colours", value: "dark", kind: .choice([])),
          isDelayed: false)))
    #expect(desk.editor.prompt?.label == "Write theme to config.toml? ")
    desk.press("y")
    #expect(desk.effects.contains(.writeSettings(["theme"])))
  }
}
