/// The undo of a document as a file keeps it: states around the one that is on disk, each next to one
/// before it in the list, and the edits between them.
///
/// The file is a heading, then records as `RecordFrame` has them: one about the document, one for each
/// state. Bytes that are damaged or cut off end the list.
public struct UndoFile: Sendable, Equatable {
  /// The text that the first state is.
  public struct Base: Sendable, Equatable {
    /// `ContentHash` of the file.
    public var hash: UInt64
    /// How its bytes are read as text.
    public var format: String

    public init(hash: UInt64, format: String) {
      self.hash = hash
      self.format = format
    }
  }

  public struct State: Sendable, Equatable {
    /// Its place in the order in which the states were made.
    public var number: Int
    /// Seconds since 1970.
    public var time: Int
    /// The state it is next to: 0 for that on disk, else one more than an index of `states`.
    public var neighbour: Int
    /// Whether the edit leads here from the neighbour, and not the other way.
    public var isLater: Bool
    public var isPreferred: Bool
    public var label: String
    /// Anchor and head before the edit, then after it.
    public var selections: [Int]
    public var forward: [JournalEdit]
    public var backward: [JournalEdit]

    public init(
      number: Int, time: Int, neighbour: Int, isLater: Bool, isPreferred: Bool, label: String,
      selections: [Int], forward: [JournalEdit], backward: [JournalEdit]
    ) {
      self.number = number
      self.time = time
      self.neighbour = neighbour
      self.isLater = isLater
      self.isPreferred = isPreferred
      self.label = label
      self.selections = selections
      self.forward = forward
      self.backward = backward
    }
  }

  /// Absolute path of the document.
  public var document: String
  public var base: Base
  /// Of the state on disk.
  public var number: Int
  public var time: Int
  public var states: [State]

  public init(document: String, base: Base, number: Int, time: Int, states: [State]) {
    self.document = document
    self.base = base
    self.number = number
    self.time = time
    self.states = states
  }

  static let heading = Array("palimpsest undo 1\n".utf8)
}

// MARK: - As bytes

extension UndoFile {
  /// At most `limit` bytes. What does not fit is left out, with all that is reached through it only.
  /// O(states + bytes).
  func encoded(limit: Int) -> (bytes: [UInt8], count: Int) {
    var records: [UInt8] = []
    // The place of each state in the file; nil for one that is left out.
    var places: [Int?] = [0]
    var count = 0
    let room = limit - UndoFile.heading.count - UndoFile.frame - head(count: 0).count
    for var state in states {
      let neighbour = places.indices.contains(state.neighbour) ? places[state.neighbour] : nil
      guard let neighbour, state.byteCount <= room - records.count else {
        places.append(nil)
        continue
      }
      state.neighbour = neighbour
      records += UndoFile.record(state.payload)
      count += 1
      places.append(count)
    }
    return (UndoFile.heading + UndoFile.record(head(count: count)) + records, count)
  }

  /// No payload here is nearly as long as a record can be.
  private static func record(_ payload: [UInt8]) -> [UInt8] {
    (try? RecordFrame.bytes(of: payload)) ?? []
  }

  /// Bytes of a record before its payload.
  private static let frame = 8

  private func head(count: Int) -> [UInt8] {
    var payload = ByteWriter()
    payload.append(bytes: Array(document.utf8))
    payload.append(base.hash)
    payload.append(bytes: Array(base.format.utf8))
    payload.append(number)
    payload.append(time)
    payload.append(count)
    return payload.bytes
  }

  /// The undo in a file, as far as it is not damaged; nil if its beginning is. `isWhole` tells whether
  /// nothing is missing.
  static func decode(_ bytes: [UInt8]) -> (file: UndoFile, isWhole: Bool)? {
    guard bytes.starts(with: heading),
      let head = RecordFrame.payload(atStartOf: bytes[heading.count...])
    else { return nil }
    var reader = ByteReader(head)
    guard let document = reader.countedBytes(), let hash: UInt64 = reader.next(),
      let format = reader.countedBytes(), let number: Int = reader.next(),
      let time: Int = reader.next(), let count: Int = reader.next(), count >= 0
    else { return nil }
    var states: [State] = []
    var rest = bytes[head.endIndex...]
    while states.count < count, let payload = RecordFrame.payload(atStartOf: rest),
      let state = State(payload)
    {
      states.append(state)
      rest = bytes[payload.endIndex...]
    }
    let file = UndoFile(
      document: String(decoding: document, as: UTF8.self),
      base: Base(hash: hash, format: String(decoding: format, as: UTF8.self)), number: number,
      time: time, states: states)
    return (file, states.count == count)
  }
}

extension UndoFile.State {
  fileprivate var payload: [UInt8] {
    var payload = ByteWriter()
    payload.append(number)
    payload.append(time)
    payload.append(neighbour)
    payload.append(byte: (isLater ? 1 : 0) + (isPreferred ? 2 : 0))
    payload.append(bytes: Array(label.utf8))
    for place in selections { payload.append(place) }
    payload.append(forward)
    payload.append(backward)
    return payload.bytes
  }

  /// Of its record, without making it.
  fileprivate var byteCount: Int {
    (forward + backward).reduce(8 + 4 * 8 + 1 + label.utf8.count + 4 * 8 + 2 * 8) {
      $0 + 3 * 8 + $1.replacement.count
    }
  }

  fileprivate init?(_ payload: ArraySlice<UInt8>) {
    var reader = ByteReader(payload)
    guard let number: Int = reader.next(), let time: Int = reader.next(),
      let neighbour: Int = reader.next(), let flags: UInt8 = reader.next(),
      let label = reader.countedBytes()
    else { return nil }
    var selections: [Int] = []
    for _ in 0..<4 {
      guard let place: Int = reader.next() else { return nil }
      selections.append(place)
    }
    guard let forward = reader.edits(), let backward = reader.edits() else { return nil }
    self.init(
      number: number, time: time, neighbour: neighbour, isLater: flags & 1 != 0,
      isPreferred: flags & 2 != 0, label: String(decoding: label, as: UTF8.self),
      selections: selections, forward: forward, backward: backward)
  }
}
