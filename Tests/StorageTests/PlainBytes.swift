@testable import Storage

// Contents are arrays in most tests.

extension LoadedFile {
  var bytes: [UInt8] { (try? contents.bytes()) ?? [] }
}

extension JournalKeeper {
  convenience init(_ recovery: RecoveryFolder, document: String, base: [UInt8]) {
    self.init(recovery, document: document, base: Contents(base))
  }

  func saved(as document: String, base: [UInt8]) {
    saved(as: document, base: Contents(base), hash: ContentHash.hash(base))
  }
}

extension RecoveredJournal {
  func begins(from text: [UInt8]) -> Bool { begins(from: Contents(text)) }
}
