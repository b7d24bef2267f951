internal import Glibc
internal import Platform
public import Strings

/// A regular file mapped read-only. The descriptor is closed at once; the mapping lives as long as
/// the object.
///
/// Truncating a mapped file kills the process (SIGBUS), as with every reader that maps. A file that
/// is too short when it is opened is an error of the format's reader.
///
/// Unchecked: address and length never change, and a PROT_READ mapping cannot be written.
@safe
public final class MappedFile: @unchecked Sendable {
  public let path: String
  /// The file's content; empty for an empty file. Valid while this object lives.
  @unsafe public let bytes: UnsafeRawBufferPointer
  private let isMapped: Bool

  /// Maps the file at `path`. O(1): pages are read when touched.
  public init(path: String) throws(FileError) {
    // Without O_NONBLOCK the open of a FIFO waits for a writer.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Self.failure(path) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw Self.failure(path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw FileError(
        file: path, expected: "a regular file",
        found: status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "a special file")
    }
    self.path = path
    isMapped = true
    let count = Int(status.st_size)
    guard count > 0 else {
      unsafe bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard
      let address = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0),
      unsafe address != MAP_FAILED
    else { throw Self.failure(path) }
    unsafe bytes = UnsafeRawBufferPointer(start: address, count: count)
  }

  /// A file that is not on disk: a copy of `content`, called `name` in errors.
  public init(copying content: [UInt8], name: String) {
    path = name
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: content.count, alignment: 64)
    unsafe copy.copyBytes(from: content)
    unsafe bytes = UnsafeRawBufferPointer(copy)
    isMapped = false
  }

  deinit {
    if !isMapped {
      unsafe bytes.deallocate()
    } else if let base = unsafe bytes.baseAddress {
      unsafe munmap(UnsafeMutableRawPointer(mutating: base), bytes.count)
    }
  }

  /// Lets go of the memory that the pages read so far take; they are read again when touched.
  public func releasePages() {
    guard isMapped, let base = unsafe bytes.baseAddress else { return }
    unsafe madvise(UnsafeMutableRawPointer(mutating: base), bytes.count, MADV_DONTNEED)
  }

  /// Number of bytes.
  public var count: Int { unsafe bytes.count }

  private static func failure(_ path: String) -> FileError {
    FileError(file: path, expected: "a readable file", found: systemMessage(errno))
  }
}

/// The kind of file at a path.
enum PathKind {
  case file, folder, nothing

  init(_ path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else {
      self = .nothing
      return
    }
    self = status.st_mode & S_IFMT == S_IFDIR ? .folder : .file
  }
}
