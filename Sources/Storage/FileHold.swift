internal import CPlatform
internal import Synchronization

/// Keeps the contents of an open file unchanged for readers of one descriptor. Other processes that
/// want to write to it wait until a private copy exists.
public final class FileHold: Sendable {
  /// The address of a `cp_hold`; 0 once it has ended.
  private let address: Mutex<UInt>

  init(_ file: Int32, copyingTo folder: String) throws(SystemError) {
    var hold: OpaquePointer?
    _ = try SystemError.check(unsafe cp_file_hold(file, folder, &hold))
    address = Mutex(UInt(bitPattern: hold))
  }

  deinit { end() }

  /// Whether another process has written over the file because no copy could be made in time.
  var isLost: Bool {
    address.withLock { address in
      unsafe OpaquePointer(bitPattern: address).map { unsafe cp_hold_is_lost($0) != 0 } ?? false
    }
  }

  /// Makes the copy now: while a process is stopped it cannot hold anything.
  func secure() throws(SystemError) {
    let result = address.withLock { address in
      unsafe OpaquePointer(bitPattern: address).map { unsafe cp_hold_secure($0) } ?? 0
    }
    _ = try SystemError.check(result)
  }

  /// To be called before the file is closed.
  func end() {
    address.withLock { address in
      if let hold = unsafe OpaquePointer(bitPattern: address) { unsafe cp_hold_end(hold) }
      address = 0
    }
  }
}
