internal import Commands
import Editing
internal import Platform
import Rendering
internal import Settings
import Terminals

// Settings and themes that are changed in a session.

extension EffectPerformer {
  func change(_ name: String, to text: String, of id: DocumentID) {
    let before = settings.configuration
    let shown = settings.theme
    let present = workspace.shown.settings
    guard let reply = settings.change(name, to: text, present: present) else { return }
    let after = settings.configuration
    if after.editor != present { handle(.adopted(after.editor, before: present)) }
    if settings.theme != shown { use(theme: settings.theme) }
    if after.engine != before.engine { useEngine(after.engine ?? EngineChoice.local.name) }
    if after.editor.spelling != present.spelling {
      speller = Speller(language: after.editor.spelling, mailbox)
    }
    if after.editor.remembersFiles != present.remembersFiles {
      files.recentFile = after.editor.remembersFiles ? Directories.current().recent : nil
    }
    handle(.settings(reply), of: id)
  }

  func use(theme name: String) {
    do throws(SettingsError) {
      exportTheme = try settings.loadTheme(name)
      theme = exportTheme.adapted(to: terminal.depth)
    } catch {
      workspace.show(.failure("\(error)"))
    }
  }
}
