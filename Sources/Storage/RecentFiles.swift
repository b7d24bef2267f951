public import Platform

/// Files that were open lately, the latest first, each with the place of the cursor.
public struct RecentFiles: Sendable, Equatable {
  public struct Entry: Sendable, Equatable {
    /// Absolute.
    public var path: String
    /// Both from 1, columns in characters.
    public var line: Int
    public var column: Int

    public init(path: String, line: Int, column: Int) {
      self.path = path
      self.line = line
      self.column = column
    }
  }

  /// Older files are forgotten.
  public static let most = 200

  public private(set) var entries: [Entry] = []

  public init() {}

  /// The entry of a file; nil where it was not open lately.
  public subscript(path: String) -> Entry? { entries.first { $0.path == path } }

  /// Puts a file first. Not for one whose path is not absolute or has control characters, nor for one
  /// of git's own, which has another text each time.
  public mutating func note(_ entry: Entry) {
    guard Self.isKept(entry) else { return }
    entries.removeAll { $0.path == entry.path }
    entries.insert(entry, at: 0)
    entries.removeLast(max(0, entries.count - Self.most))
  }

  private static func isKept(_ entry: Entry) -> Bool {
    entry.path.hasPrefix("/") && !entry.path.contains("/.git/") && entry.line > 0
      && entry.column > 0
      && entry.path.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
  }

  // MARK: As bytes

  private static let heading = "palimpsest recent 1"

  /// A heading, then a line `LINE:COLUMN PATH` for each file.
  public var bytes: [UInt8] {
    let lines = entries.map { "\($0.line):\($0.column) \($0.path)" }
    return Array(([Self.heading] + lines).map { $0 + "\n" }.joined().utf8)
  }

  /// Lines that are damaged are left out; nothing is taken from bytes with another heading.
  public init(_ bytes: [UInt8]) {
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
    guard lines.first.map({ Array($0) }) == Array(Self.heading.utf8) else { return }
    for line in lines.dropFirst() {
      guard entries.count < Self.most, let entry = Self.entry(line), Self.isKept(entry),
        self[entry.path] == nil
      else { continue }
      entries.append(entry)
    }
  }

  private static func entry(_ line: ArraySlice<UInt8>) -> Entry? {
    guard let text = String(validating: line, as: UTF8.self) else { return nil }
    let parts = text.split(separator: " ", maxSplits: 1)
    let numbers = parts[0].split(separator: ":").compactMap { Int($0) }
    guard parts.count == 2, numbers.count == 2 else { return nil }
    return Entry(path: String(parts[1]), line: numbers[0], column: numbers[1])
  }
}

// MARK: - In a file

extension RecentFiles {
  private static let largest = 1 << 20

  /// Those of a file; none where it cannot be read.
  public static func load(
    _ path: String = Directories.current().recent, files: any FileSystem = SystemFiles()
  ) -> RecentFiles {
    (try? read(path, files)) ?? RecentFiles()
  }

  private static func read(_ path: String, _ files: any FileSystem) throws -> RecentFiles {
    do {
      return RecentFiles(try files.readFile(path, limit: largest).bytes)
    } catch let error as SystemError where error.code == SystemError.missing {
      return RecentFiles()
    }
  }

  /// Notes files, the latest last, in a file that this user alone can read. A reader finds the old
  /// file or the new one. Throws `SystemError` or `StorageError`.
  public static func note(
    _ entries: [Entry], in path: String = Directories.current().recent,
    files: any FileSystem = SystemFiles()
  ) throws {
    var recent = try read(path, files)
    let before = recent
    for entry in entries { recent.note(entry) }
    guard recent != before else { return }
    try files.replaceFile(path, with: recent.bytes)
  }
}
