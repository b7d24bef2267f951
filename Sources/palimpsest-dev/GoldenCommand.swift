internal import ArgumentParser
internal import Commands
internal import Golden
internal import Tensors

/// For tests and for looking at differences.
struct GoldenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "golden",
    abstract: "Check the engine against reference data: every golden.json in and below a folder.")

  @Argument(help: "The folder.")
  var directory: String

  @Option(help: "Only cases whose place or kind contains this.")
  var only: String?

  @Option(help: "Kernels to compute with.")
  var kernels: KernelLevel?

  @Flag(help: "Also list the cases that pass.")
  var all = false

  func run() throws {
    var unwritten: CommandFailure?
    func write(_ line: String) {
      do throws(CommandFailure) { try Console.output(line) } catch { unwritten = error }
    }
    let run = try GoldenRun(
      directory, kernels: Kernels(level: kernels),
      includes: { place, kind in only.map { place.contains($0) || kind.contains($0) } ?? true },
      report: { outcome in
        if let failure = outcome.failure {
          write("FAILED \(outcome.place) (\(outcome.kind)): \(failure)\n")
        } else if all {
          write("passed \(outcome.place)\n")
        }
      })
    if let unwritten { throw unwritten }
    try Console.output("\(run.passed) passed, \(run.failures.count) failed\n")
    if !run.failures.isEmpty { throw ExitCode.failure }
  }
}
