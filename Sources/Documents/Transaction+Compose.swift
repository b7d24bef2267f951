extension Transaction {
  /// This, then `next`, as one transaction. O(bytes and edits of both).
  public func composed(with next: Transaction) -> Transaction {
    var first = OperationReader(self)
    var second = OperationReader(next)
    var result = EditBuilder()
    while true {
      switch (first.current, second.current) {
      case (.delete(let count), _):
        result.delete(count)
        first.skip(count)
      case (_, .insert(let bytes)):
        result.insert(bytes)
        second.skip(bytes.count)
      case (nil, nil):
        return Transaction(result.finish())
      case (let left, let right):
        let count = min(left?.count ?? .max, right?.count ?? .max)
        combine(left, right, count, into: &result)
        first.skip(count)
        second.skip(count)
      }
    }
  }

  /// Adds what `left` leaves and `right` then does with its first `count` bytes.
  private func combine(
    _ left: Operation?, _ right: Operation?, _ count: Int, into result: inout EditBuilder
  ) {
    let isDeleted = if case .delete = right { true } else { false }
    if case .insert(let bytes) = left {
      if !isDeleted { result.insert(bytes.prefix(count)) }
    } else if isDeleted {
      result.delete(count)
    } else {
      result.retain(count)
    }
  }
}

/// A transaction read from left to right. The unchanged rest of the text is left out.
private enum Operation {
  case retain(Int)
  case delete(Int)
  case insert(ArraySlice<UInt8>)

  var count: Int {
    switch self {
    case .retain(let count), .delete(let count): count
    case .insert(let bytes): bytes.count
    }
  }
}

private struct OperationReader {
  private var operations: [Operation] = []
  private var index = 0
  private var consumed = 0

  init(_ transaction: Transaction) {
    var position = 0
    for edit in transaction.edits {
      append(.retain(edit.range.lowerBound - position))
      append(.delete(edit.range.count))
      append(.insert(edit.replacement[...]))
      position = edit.range.upperBound
    }
  }

  private mutating func append(_ operation: Operation) {
    if operation.count > 0 { operations.append(operation) }
  }

  /// The rest of the current operation; nil: keep everything from here on.
  var current: Operation? {
    guard index < operations.count else { return nil }
    switch operations[index] {
    case .retain(let count): return .retain(count - consumed)
    case .delete(let count): return .delete(count - consumed)
    case .insert(let bytes): return .insert(bytes.dropFirst(consumed))
    }
  }

  mutating func skip(_ count: Int) {
    guard index < operations.count else { return }
    consumed += count
    if consumed == operations[index].count {
      index += 1
      consumed = 0
    }
  }
}

private struct EditBuilder {
  private var edits: [Edit] = []
  private var position = 0
  private var pending: Edit?

  mutating func retain(_ count: Int) {
    flush()
    position += count
  }

  mutating func delete(_ count: Int) {
    let start = pending?.range.lowerBound ?? position
    position += count
    pending = Edit(range: start..<position, replacement: pending?.replacement ?? [])
  }

  mutating func insert(_ bytes: ArraySlice<UInt8>) {
    if pending == nil { pending = Edit(range: position..<position, replacement: []) }
    pending?.replacement += bytes
  }

  private mutating func flush() {
    if let edit = pending { edits.append(edit) }
    pending = nil
  }

  mutating func finish() -> [Edit] {
    flush()
    return edits
  }
}
