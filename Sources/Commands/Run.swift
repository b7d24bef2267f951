package import ArgumentParser
internal import Glibc
internal import Inference

/// A command that keeps the main thread to itself until its work is done.
///
/// It runs without the concurrency runtime, whose threads wake up every second from the first task
/// on.
package protocol MainThreadCommand: ParsableCommand {
  /// Does the work. Returns what is still to be waited for, which ends with the exit code.
  @MainActor func start() throws -> @MainActor () async -> Int32
}

/// Runs the command of `root` that `parse` finds in the process's arguments, and ends the process; prints
/// errors on standard error. The exit code is that of the parser, 1 for any other error.
@MainActor package func run(
  _ root: any ParsableCommand.Type, parse: ([String]) throws -> any ParsableCommand
) async -> Never {
  let code = await exitCode(root, parse)
  // A short command ends before the packed weights for the next start are on disk.
  await ModelLibrary.finishWriting()
  // Not `exit`: exit handlers of libraries must not run beside threads of the concurrency
  // runtime, which cannot be joined. All output is written by now.
  _exit(code)
}

@MainActor private func exitCode(
  _ root: any ParsableCommand.Type, _ parse: ([String]) throws -> any ParsableCommand
) async -> Int32 {
  do {
    var command = try parse(RawArguments.texts(RawArguments.ofProcess))
    if let command = command as? any MainThreadCommand {
      let finish = try command.start()
      let code = await finish()
      if code != 0 { throw ExitCode(code) }
    } else if var command = command as? any AsyncParsableCommand {
      try await command.run()
    } else {
      try command.run()
    }
    try Console.finish()
    return 0
  } catch {
    return report(error, of: root)
  }
}

/// Help and version, which are errors to the parser, go to standard output.
private func report(_ error: any Error, of root: any ParsableCommand.Type) -> Int32 {
  let code = root.exitCode(for: error)
  let text = root.fullMessage(for: error)
  guard !text.isEmpty else { return code.rawValue }
  guard code.isSuccess else {
    Console.error(text + "\n")
    return code.rawValue
  }
  do throws(CommandFailure) {
    try Console.output(text + "\n")
    try Console.finish()
    return code.rawValue
  } catch {
    Console.error("Error: \(error)\n")
    return 1
  }
}
