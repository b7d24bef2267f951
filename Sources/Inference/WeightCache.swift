internal import Checkpoints
internal import Glibc
internal import Platform
internal import Synchronization
internal import Tensors

/// Packed weights of models loaded before, in files below `$XDG_CACHE_HOME/palimpsest/weights`,
/// which a start maps instead of packing the weights again. The files may be deleted at any time;
/// failures to read or write them are ignored.
struct WeightCache {
  /// Below the range packing is as fast; above it the files would take too much of a disk.
  private static let sizes = 16 << 20...1 << 30
  /// Files kept, the latest.
  private static let kept = 2
  /// Incremented when packing changes its bytes.
  private static let version = 4
  /// O_TMPFILE, a macro that Swift does not see.
  private static let unnamed: Int32 = 0o20000000 | O_DIRECTORY

  static var folder: String { Directories.current().weights }

  let weights: PackedWeights
  private let path: String

  /// - Parameters:
  ///   - files: the files of the weights, identified by path, size and time of change.
  ///   - settings: everything else that the packed bytes depend on.
  /// Throws if a file does not exist, and without libcrypto.
  init(files: [String], settings: String, level: KernelLevel) throws {
    let identity = try files.map { "\($0) \(try DigestRecord.Stamp($0).text)" }
    let key = try sha256(
      of: (["\(Self.version) \(level.rawValue) \(settings)"] + identity).joined(separator: "\n"))
    path = "\(Self.folder)/\(key).weights"
    if Files.isReadable(path), let file = try? MappedFile(path: path) {
      weights = unsafe PackedWeights(key: key, level: level, bytes: file.bytes, owner: file)
    } else {
      weights = PackedWeights(key: key, level: level)
    }
  }

  /// Writes in the background. Under a lock: models are packed by synchronous code.
  private static let writing = Mutex<[Task<Void, Never>]>([])

  /// Writes the weights in the background unless they came from the file.
  func save() {
    guard !weights.isFromFile, Self.sizes ~= weights.byteCount else { return }
    let (path, contents) = (path, weights.contents)
    let task = Task.detached(executorPreference: BackgroundThreads.shared, priority: .background) {
      Self.write(contents, to: path)
    }
    Self.writing.withLock { $0.append(task) }
  }

  /// Waits until all writes have finished.
  static func finishWriting() async {
    for task in writing.withLock({ $0 }) { await task.value }
  }

  /// A file without a name gets its name when it is whole and on the disk.
  private static func write(_ contents: PackedWeights.Contents, to path: String) {
    let folder = Self.folder
    guard (try? Files.makeFolder(folder, permissions: 0o700)) != nil else { return }
    let file = unsafe open(folder, unnamed | O_WRONLY | O_CLOEXEC, 0o600)
    guard file >= 0 else { return }
    defer { close(file) }
    do {
      unsafe try contents.write { bytes in
        guard unsafe Descriptor.write(bytes, to: file) else {
          throw InferenceError.unreadable(path: path, reason: "full")
        }
      }
    } catch { return }
    guard fdatasync(file) == 0 else { return }
    unsafe unlink(path)
    unsafe linkat(AT_FDCWD, "/proc/self/fd/\(file)", AT_FDCWD, path, AT_SYMLINK_FOLLOW)
    prune()
  }

  private static func prune() {
    let files = Files.visibleNames(in: folder).filter { $0.hasSuffix(".weights") }.map { name in
      let path = "\(folder)/\(name)"
      var status = stat()
      let time = unsafe stat(path, &status) == 0 ? status.st_mtim.tv_sec : 0
      return (path: path, time: time)
    }
    for file in files.sorted(by: { $0.time > $1.time }).dropFirst(kept) { unsafe unlink(file.path) }
  }
}
