import Documents
import Glibc
import Storage

/// The text of a leftover, and its title.
enum RecoveredText {
  /// The text at its last edit, without a byte order mark, and the format of the file. `disk` is what a
  /// journal would begin from now. Throws if the text that the edits begin from is missing.
  static func text(
    of leftover: Leftover, in recovery: RecoveryFolder, onDisk disk: Contents
  ) throws(StorageError) -> (text: Text, format: FileFormat) {
    let start = try recovery.start(
      of: leftover, onDisk: disk, holdingFrom: DocumentFiles.heldSize)
    var text: Text
    do throws(SystemError) {
      if case .interruptedSave = leftover.kind {
        // The bytes of the file.
        let file = try DecodedFile(start)
        return (file.text, file.format)
      }
      text = try Text(start)
      text.takeLineCounts()
      if let failure = start.held?.failure { throw failure }
    } catch {
      throw StorageError(path: leftover.path, reason: .system(action: "read", error))
    }
    try leftover.journal?.replay(onto: text.count) { text.replace($0, with: $1) }
    let hasMark = text.removeByteOrderMark()
    let format = (leftover.journal?.format).flatMap { FileFormat(named: $0) }
    return (text, format ?? FileFormat(.utf8, hasByteOrderMark: hasMark))
  }

  /// The encoding that the file of a leftover was read in; nil for that which it seems to be in.
  static func encoding(of leftover: Leftover) -> TextEncoding? {
    guard case .edits(let journal) = leftover.kind else { return nil }
    return journal.format.isEmpty ? .utf8 : TextEncoding(named: journal.format)
  }

  /// Whether nothing would be recovered: its edits were undone, or the file has them already. A missing
  /// file counts as empty, as it does when it is opened. Texts are compared only if their sizes are equal.
  static func isOnDisk(_ leftover: Leftover, in recovery: RecoveryFolder) -> Bool {
    guard let journal = leftover.journal else { return false }
    var disk = DecodedFile.empty
    if let path = leftover.document {
      guard let file = try? FileStore().load(path, holdingFrom: DocumentFiles.heldSize),
        let decoded = try? DecodedFile(file.contents, as: encoding(of: leftover))
      else { return false }
      disk = decoded
      if case .interruptedSave = leftover.kind {
        return (try? text(of: leftover, in: recovery, onDisk: disk.base).text) == disk.text
      }
    }
    var count = journal.snapshot?.count ?? journal.baseCount
    do throws(StorageError) {
      try journal.replay(onto: count) { count += $1.count - $0.count }
    } catch {
      return false
    }
    guard count == disk.base.count else { return false }
    return (try? text(of: leftover, in: recovery, onDisk: disk.base).text) == disk.text
  }

  /// Whether it is the file on disk with edits, or the text of an interrupted save. `disk` is nil
  /// if there is no file.
  static func isPlain(_ leftover: Leftover, onDisk disk: Contents?) -> Bool {
    guard let disk else { return false }
    return switch leftover.kind {
    case .edits(let journal): journal.begins(from: disk)
    case .interruptedSave: true
    case .unreadable: false
    }
  }

  /// Kind and time, in a few words.
  static func title(of leftover: Leftover) -> String {
    switch leftover.kind {
    case .edits(let journal):
      let edits = journal.editCount == 1 ? "1 unsaved edit" : "\(journal.editCount) unsaved edits"
      return "\(edits), \(time(journal.time))"
    case .interruptedSave(let journal):
      return "the text of an interrupted save, \(time(journal.time))"
    case .unreadable: return "a file that cannot be read"
    }
  }

  /// Kind and time, and how it relates to the file on disk.
  static func title(of leftover: Leftover, onDisk disk: Contents?) -> String {
    guard case .edits(let journal) = leftover.kind else { return title(of: leftover) }
    guard let disk else { return title(of: leftover) + ", of a document without a name" }
    return title(of: leftover)
      + (journal.begins(from: disk) ? "" : "; the file has changed since")
  }

  /// Local date and time of nanoseconds since 1970.
  static func time(_ nanoseconds: Int64) -> String {
    var seconds = time_t(nanoseconds / 1_000_000_000)
    var parts = unsafe tm()
    unsafe localtime_r(&seconds, &parts)
    var text = [CChar](repeating: 0, count: 32)
    let count = unsafe strftime(&text, text.count, "%Y-%m-%d %H:%M", &parts)
    return String(decoding: text[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
