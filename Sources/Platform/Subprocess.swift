internal import CPlatform
internal import Glibc

/// Another program run to its end, its output kept in a file.
package enum Subprocess {
  package struct Result: Equatable {
    /// The exit status, or 128 plus the number of the signal it died of.
    package var status: Int32
    /// Standard output and error together.
    package var output: String
  }

  /// Runs `program`, found in PATH, with standard input empty and its output going to the file
  /// `log`, which is kept. `tick` is called about ten times a second.
  ///
  /// Returns nil if the program does not exist. `environment` is added to that of this process.
  package static func run(
    _ program: String, _ arguments: [String], environment: [String: String] = [:], log: String,
    tick: (() -> Void)? = nil
  ) throws(PlatformError) -> Result? {
    let child = try unsafe start(program, arguments, environment) { actions in
      unsafe posix_spawn_file_actions_addopen(
        actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
      unsafe posix_spawn_file_actions_adddup2(actions, 1, 2)
    }
    guard let child else { return nil }
    let status = wait(for: child, tick: tick)
    return Result(
      status: status, output: String(decoding: Files.contents(log) ?? [], as: UTF8.self))
  }

  /// Runs `program`, found in PATH, without input; its output, of at most 64 KiB, goes through a pipe
  /// and is on no disk, its errors are dropped. nil if the program cannot be started.
  package static func output(
    of program: String, _ arguments: [String]
  ) throws(PlatformError) -> Result? {
    var ends: [Int32] = [0, 0]
    guard unsafe pipe(&ends) == 0 else { throw PlatformError("Cannot make a pipe") }
    let (reading, writing) = (ends[0], ends[1])
    defer { close(reading) }
    let child = try? unsafe start(program, arguments, [:]) { actions in
      unsafe posix_spawn_file_actions_adddup2(actions, writing, 1)
      unsafe posix_spawn_file_actions_addopen(actions, 2, "/dev/null", O_WRONLY, 0)
    }
    close(writing)
    guard let child else { return nil }
    let bytes = Descriptor.read(reading, upTo: 1 << 16) ?? []
    return Result(status: wait(for: child), output: String(decoding: bytes, as: UTF8.self))
  }

  /// nil if the program does not exist.
  static func start(
    _ program: String, _ arguments: [String], _ environment: [String: String],
    _ outputs: (UnsafeMutablePointer<posix_spawn_file_actions_t>) -> Void
  ) throws(PlatformError) -> pid_t? {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe outputs(&actions)
    // Files, locks and connections are not the child's, however they were opened.
    _ = unsafe cp_spawn_close_others(&actions)

    // Threads of the concurrency runtime block signals, and a child would inherit that.
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

    var child: pid_t = 0
    let failure = unsafe withCStrings([program] + arguments) { argv in
      unsafe withCStrings(merged(environment)) { envp in
        unsafe posix_spawnp(&child, program, &actions, &attributes, argv, envp)
      }
    }
    if failure == ENOENT { return nil }
    guard failure == 0 else {
      throw PlatformError("Cannot start \(program)", code: failure)
    }
    return child
  }

  /// The exit status, or 128 plus the number of a signal.
  private static func wait(for child: pid_t, tick: (() -> Void)? = nil) -> Int32 {
    var status: Int32 = 0
    while true {
      let ended = unsafe waitpid(child, &status, tick == nil ? 0 : WNOHANG)
      if ended == child || (ended < 0 && errno != EINTR) { break }
      if let tick {
        tick()
        usleep(100_000)
      }
    }
    return exitStatus(status)
  }

  static func exitStatus(_ status: Int32) -> Int32 {
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
  }

  private static func merged(_ additions: [String: String]) -> [String] {
    var result = additions.map { "\($0.key)=\($0.value)" }.sorted()
    var entry = unsafe environ
    while let text = unsafe entry.pointee {
      let line = unsafe String(cString: text)
      let name = line.split(separator: "=", maxSplits: 1).first.map(String.init) ?? ""
      if additions[name] == nil { result.append(line) }
      unsafe entry += 1
    }
    return result
  }

  private static func withCStrings<R>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> R
  ) -> R {
    let pointers = unsafe strings.map { unsafe strdup($0) } + [nil]
    defer {
      for index in unsafe pointers.indices { unsafe free(pointers[index]) }
    }
    return unsafe pointers.withUnsafeBufferPointer { unsafe body($0.baseAddress!) }
  }
}
