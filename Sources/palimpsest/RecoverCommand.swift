internal import ArgumentParser
internal import Commands
internal import Documents
internal import Editing
internal import JSON
internal import Storage

struct RecoverCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recover",
    abstract: "List, show, restore and discard unsaved edits.",
    discussion: """
      The editor keeps unsaved edits on disk while it runs. If it is killed, the next start on the \
      same document offers them. This command also reaches the edits of documents without a name \
      and of files that were changed or removed, and edits that you left for later.

      ID is the first column of the list; its first characters are enough if they are unique.

      Examples:
        palimpsest recover
        palimpsest recover show 2k9 --diff
        palimpsest recover restore 2k9 --output letter.txt
        palimpsest recover discard 2k9

      Exit codes: 0 success; 1 failure, explained on standard error; 64 invalid command line.
      """,
    subcommands: [List.self, Show.self, Restore.self, Discard.self],
    defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List unsaved edits, oldest first.",
      discussion: """
        One per line: ID, kind and time, document. With --json one object per line: "id", \
        "kind" (edits, interrupted-save, unreadable), "document" (null where it has no name), \
        "edits", "time" (seconds since 1970), "path".
        """)

    @Flag(help: "Write one JSON object a line.")
    var json = false

    func run() throws {
      let recovery = RecoveryFolder()
      let leftovers = recovery.leftovers().filter { !RecoveredText.isOnDisk($0, in: recovery) }
      if leftovers.isEmpty, !json { Console.error("No unsaved edits.\n") }
      for leftover in leftovers {
        try Console.output((json ? Self.object(leftover).serialized() : Self.line(leftover)) + "\n")
      }
    }

    static func line(_ leftover: Leftover) -> String {
      let name =
        leftover.document ?? (leftover.isUnnamed ? "a document without a name" : leftover.path)
      return "\(leftover.id)  \(RecoveredText.title(of: leftover))  \(name)"
    }

    static func object(_ leftover: Leftover) -> JSONValue {
      let kind =
        switch leftover.kind {
        case .edits: "edits"
        case .interruptedSave: "interrupted-save"
        case .unreadable: "unreadable"
        }
      return [
        "id": .string(leftover.id), "kind": .string(kind),
        "document": leftover.document.map(JSONValue.string) ?? .null,
        "edits": .integer(leftover.journal?.editCount ?? 0),
        "time": .integer(Int((leftover.journal?.time ?? 0) / 1_000_000_000)),
        "path": .string(leftover.path),
      ]
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write the unsaved text to standard output.")

    @Argument(help: ArgumentHelp("Which one.", valueName: "id")) var id: String

    @Flag(help: "Write its differences from the file instead.")
    var diff = false

    func run() throws {
      let found = try Found(id)
      guard diff else { return try Console.output(try found.text().text.contents()) }
      let (text, present) = (try found.text().text, found.present.text)
      let differences = RecoveryDiff(from: present, to: text)
      for line in differences.lines(0..<differences.rows) {
        switch line {
        case .same(let text): try Console.output("  \(text)\n")
        case .removed(let text): try Console.output("- \(text)\n")
        case .added(let text): try Console.output("+ \(text)\n")
        case .gap(let lines): try Console.output("… \(lines) lines …\n")
        }
      }
    }
  }

  struct Restore: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write the unsaved text to its file, or to another.",
      discussion: """
        The recovered edits are then deleted. A file that has changed since the edits were made, \
        or that --output names and that exists, is overwritten only with --force.
        """)

    @Argument(help: ArgumentHelp("Which one.", valueName: "id")) var id: String

    @Option(help: ArgumentHelp("Write to this file.", valueName: "file"))
    var output: String?

    @Flag(help: "Overwrite a file that has changed or exists.")
    var force = false

    func run() throws {
      let found = try Found(id)
      let (recovered, format) = try found.text()
      let document = Document(recovered, format)
      guard let target = output ?? found.leftover.document else {
        throw CommandFailure("\(found.leftover.id) has no file name: give one with --output.")
      }
      var expectation = Expectation.anything
      if !force {
        if output == nil, let identity = found.identity {
          guard RecoveredText.isPlain(found.leftover, onDisk: found.present.base) else {
            throw CommandFailure(
              "\(target) has changed since these edits were made. `palimpsest recover show "
                + "\(found.leftover.id) --diff` shows how; --force overwrites it.")
          }
          expectation = .unchanged(identity)
        } else {
          expectation = .missing
        }
      }
      let contents: [UInt8]
      do throws(UnencodableText) {
        contents = try document.contents()
      } catch {
        throw CommandFailure(
          "\(document.fault(error)). `palimpsest recover show \(found.leftover.id)` writes the "
            + "text as UTF-8.")
      }
      let saved = try FileStore().save(contents, to: target, expecting: expectation)
      found.discard()
      if let caution = saved.caution { Console.error("palimpsest: \(caution).\n") }
    }
  }

  struct Discard: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Delete unsaved edits.")

    @Argument(help: ArgumentHelp("IDs to delete.", valueName: "id")) var ids: [String] = []

    @Flag(help: "Delete all.")
    var all = false

    func validate() throws {
      if ids.isEmpty != all { throw ValidationError("Give IDs or --all, and not both.") }
    }

    func run() throws {
      let recovery = RecoveryFolder()
      let found =
        try all ? recovery.leftovers().map { try Found($0.id) } : ids.map { try Found($0) }
      for one in found { one.discard() }
    }
  }

  /// Unsaved edits, locked by this process.
  private struct Found {
    let recovery = RecoveryFolder()
    let leftover: Leftover
    let claim: LockedFile
    /// The file on disk; empty if it does not exist.
    let present: DecodedFile
    let identity: FileIdentity?

    init(_ id: String) throws {
      let matches = recovery.leftovers().filter { $0.id.hasPrefix(id) }
      let found = matches.first { $0.id == id } ?? matches.first
      guard let found, !id.isEmpty, let claim = recovery.claim(found) else {
        throw CommandFailure(
          "No unsaved edits with ID \(id). `palimpsest recover` lists them.")
      }
      guard found.id == id || matches.count == 1 else {
        let names = matches.map(\.id).joined(separator: ", ")
        throw CommandFailure("\(id) is ambiguous: \(names).")
      }
      leftover = found
      self.claim = claim
      let file = try found.document.map {
        try FileStore().load($0, holdingFrom: DocumentFiles.heldSize)
      }
      present =
        try file.map { try DecodedFile($0.contents, as: RecoveredText.encoding(of: found)) }
        ?? .empty
      identity = file?.identity
    }

    func text() throws -> (text: Text, format: FileFormat) {
      try RecoveredText.text(of: leftover, in: recovery, onDisk: present.base)
    }

    func discard() {
      recovery.discard(leftover)
      claim.close()
    }
  }
}
