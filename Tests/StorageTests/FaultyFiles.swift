import Glibc
import Synchronization

@testable import Storage

/// The real file system, except that one operation goes wrong, or all writes while it is full.
final class FaultyFiles: FileSystem {
  enum Fault: Sendable, Equatable {
    /// The operation fails with this errno; later ones work.
    case error(Int32)
    /// A write stores a part of its bytes and fails with this errno; later operations work.
    case tornError(Int32)
    /// The process dies before the operation: it and all later ones do nothing.
    case death
    /// A write stores a part of its bytes, then the process dies. Other operations just die.
    case tornDeath
    /// A write stores a single byte and says so; other operations work.
    case shortWrite
  }

  private let real = SystemFiles()
  private let fault: Fault
  private let position: Int
  private let counter = Mutex(0)
  private let full = Mutex(false)

  /// The operation of number `position`, counted from 0, goes wrong.
  init(_ fault: Fault = .death, at position: Int = .max) {
    self.fault = fault
    self.position = position
  }

  /// Whether writes store a part of their bytes and fail with ENOSPC.
  var isFull: Bool {
    get { full.withLock { $0 } }
    set { full.withLock { $0 = newValue } }
  }

  /// Operations so far.
  var operations: Int { counter.withLock { $0 } }

  private func step(dies: Bool = true) throws(SystemError) {
    let number = counter.withLock {
      $0 += 1
      return $0 - 1
    }
    switch fault {
    case .error(let code) where number == position: throw SystemError(code: code)
    case .death where number >= position: throw SystemError(code: EIO)
    case .tornDeath where number > position || (number == position && dies):
      throw SystemError(code: EIO)
    default: return
    }
  }

  func write(_ file: Int32, _ bytes: ArraySlice<UInt8>) throws(SystemError) -> Int {
    try step(dies: false)
    if isFull {
      _ = try real.write(file, bytes.prefix(bytes.count / 2))
      throw SystemError(code: ENOSPC)
    }
    guard operations - 1 == position else { return try real.write(file, bytes) }
    if fault == .shortWrite { return try real.write(file, bytes.prefix(1)) }
    if case .tornError(let code) = fault {
      _ = try real.write(file, bytes.prefix(max(1, bytes.count / 2)))
      throw SystemError(code: code)
    }
    if fault == .tornDeath {
      _ = try real.write(file, bytes.prefix(max(1, bytes.count / 2)))
      throw SystemError(code: EIO)
    }
    return try real.write(file, bytes)
  }

  func open(_ path: String, _ mode: OpenMode) throws(SystemError) -> Int32 {
    try step()
    return try real.open(path, mode)
  }

  /// The kernel closes what a dead process leaves open.
  func close(_ file: Int32) throws(SystemError) {
    try real.close(file)
    try step()
  }

  func read(_ file: Int32, upTo count: Int) throws(SystemError) -> [UInt8] {
    try step()
    return try real.read(file, upTo: count)
  }

  func read(
    _ file: Int32, at offset: Int, upTo count: Int
  ) throws(SystemError) -> [UInt8] {
    try step()
    return try real.read(file, at: offset, upTo: count)
  }

  func hold(_ file: Int32, copyingTo folder: String) throws(SystemError) -> FileHold {
    try step()
    return try real.hold(file, copyingTo: folder)
  }

  func synchronize(_ file: Int32) throws(SystemError) {
    try step()
    try real.synchronize(file)
  }

  func synchronizeData(_ file: Int32) throws(SystemError) {
    try step()
    try real.synchronizeData(file)
  }

  func synchronizeSystem(of file: Int32) throws(SystemError) {
    try step()
    try real.synchronizeSystem(of: file)
  }

  func truncate(_ file: Int32, to size: Int) throws(SystemError) {
    try step()
    try real.truncate(file, to: size)
  }

  func reserve(_ file: Int32, size: Int) throws(SystemError) {
    try step()
    try real.reserve(file, size: size)
  }

  func status(of file: Int32) throws(SystemError) -> FileStatus {
    try step()
    return try real.status(of: file)
  }

  func status(at path: String, followingLink: Bool) throws(SystemError) -> FileStatus {
    try step()
    return try real.status(at: path, followingLink: followingLink)
  }

  func setOwner(_ file: Int32, user: UInt32, group: UInt32) throws(SystemError) {
    try step()
    try real.setOwner(file, user: user, group: group)
  }

  func setMode(_ file: Int32, _ mode: UInt32) throws(SystemError) {
    try step()
    try real.setMode(file, mode)
  }

  func attributes(of file: Int32) throws(SystemError) -> [String: [UInt8]] {
    try step()
    return try real.attributes(of: file)
  }

  func setAttribute(_ file: Int32, _ name: String, _ value: [UInt8]) throws(SystemError) {
    try step()
    try real.setAttribute(file, name, value)
  }

  func removeAttribute(_ file: Int32, _ name: String) throws(SystemError) {
    try step()
    try real.removeAttribute(file, name)
  }

  func lock(_ file: Int32) throws(SystemError) -> Bool {
    try step()
    return try real.lock(file)
  }

  func readLink(_ path: String) throws(SystemError) -> String {
    try step()
    return try real.readLink(path)
  }

  func rename(_ path: String, to target: String, replacing: Bool) throws(SystemError) {
    try step()
    try real.rename(path, to: target, replacing: replacing)
  }

  func remove(_ path: String) throws(SystemError) {
    try step()
    try real.remove(path)
  }

  func makeFolder(_ path: String) throws(SystemError) {
    try step()
    try real.makeFolder(path)
  }

  func workingFolder() throws(SystemError) -> String {
    try step()
    return try real.workingFolder()
  }

  func list(_ folder: String) throws(SystemError) -> [String] {
    try step()
    return try real.list(folder)
  }

  func checkWritable(_ path: String) throws(SystemError) {
    try step()
    try real.checkWritable(path)
  }
}
