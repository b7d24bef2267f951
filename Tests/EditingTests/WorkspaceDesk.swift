import Documents

@testable import Editing

/// Three documents in one editor, with a disk.
struct WorkspaceDesk {
  var workspace = Workspace(
    OpenedDocument(Document("Alpha one.\n", path: "a.txt")), columns: 60, rows: 12)
  let ids = DocumentID.atStart(3)
  var disk: [String: String] = [:]
  var quitCode: Int32?
  var closed: [DocumentID] = []

  init() {
    workspace.open(OpenedDocument(Document("Beta one. Beta two.\n", path: "b.txt")), as: ids[1])
    workspace.open(OpenedDocument(Document("Gamma.\n", path: "c.txt"), line: 1), as: ids[2])
  }

  mutating func perform(_ effects: [WorkspaceEffect]) {
    for effect in effects {
      switch effect {
      case .document(let id, .save(let request)):
        disk[request.path] = request.document.text.description
        perform(workspace.update(.saved(request, failure: nil), of: id))
      case .document(let id, .loadHistory): perform(workspace.update(.history(.none), of: id))
      case .document: break
      case .open(let id, let name):
        let document = disk[name].map { Document($0, path: name) }
        perform(
          workspace.opened(
            id, document.map { .document(OpenedDocument($0)) } ?? .failed("\(name): not there")))
      case .opened, .reopen: break
      case .closed(let id, _, _): closed.append(id)
      case .quit(let code): quitCode = code
      }
    }
  }

  mutating func send(_ event: Event) { perform(workspace.update(event)) }

  mutating func press(_ names: String...) {
    for name in names { send(.key(Key(name)!)) }
  }

  mutating func type(_ text: String) {
    for character in text { send(.key(Key(.character(character)))) }
  }

  func text(_ number: Int) -> String {
    workspace[ids[number]]?.document.text.description ?? "closed"
  }

  /// The text at the top of the pane that does not have the keys.
  var otherTop: String? {
    workspace.otherPane?.editor.rows()[0].cells.map(\.text).joined()
  }
}
