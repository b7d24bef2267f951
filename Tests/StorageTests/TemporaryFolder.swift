import Glibc

/// A new private folder, removed with everything in it at the end of the test.
final class TemporaryFolder {
  let path: String

  /// In memory where the machine has a place for that: synchronising is free there.
  init(inMemory: Bool = false) {
    let isThere = unsafe access("/dev/shm", W_OK) == 0
    let parent = inMemory && isThere ? "/dev/shm" : "/tmp"
    var template = Array("\(parent)/palimpsest-test-XXXXXX".utf8CString)
    unsafe template.withUnsafeMutableBufferPointer { _ = unsafe mkdtemp($0.baseAddress!) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { shell("chmod -R u+rwx '\(path)'; rm -rf '\(path)'") }

  func callAsFunction(_ name: String) -> String { path + "/" + name }
}

/// Runs a line of shell and returns its exit status.
@discardableResult
func shell(_ line: String) -> Int32 { unsafe system("(\(line)) >/dev/null 2>&1") }
