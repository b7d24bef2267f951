package import ArgumentParser
internal import Glibc
internal import Inference

/// Runs the command of `root` that `arguments` name, to the end of the process. Prints on standard
/// error why it fails; the exit code is that of the parser, 1 for all else that throws.
package func run(_ root: any ParsableCommand.Type, arguments: [String]) async -> Never {
  let code = await exitCode(root, arguments)
  // A short command is over before what makes the next one start sooner is on the disk.
  await ModelLibrary.finishWriting()
  // Not `exit`: what libraries do there must not run beside threads of the concurrency runtime,
  // which nobody can wait for. Everything written is out by now.
  _exit(code)
}

private func exitCode(_ root: any ParsableCommand.Type, _ arguments: [String]) async -> Int32 {
  do {
    var command = try root.parseAsRoot(arguments)
    if var command = command as? any AsyncParsableCommand {
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
