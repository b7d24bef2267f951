public import ArgumentParser
internal import Commands
public import FaultyServer

/// The servers of the tests for a program that is tested from outside.
struct FaultyServerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "faulty-server",
    abstract: "Start servers on this machine, each of which misbehaves in one way.",
    discussion: """
      Prints FAULT and PORT of each, a line each, and an empty line; ends with its standard input.
      """)

  @Option(
    help: ArgumentHelp(
      "The protocol: \(Dialect.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "name"))
  var dialect = Dialect.completions

  @Argument(help: "Faults; all without any.")
  var fault: [Fault] = []

  func run() async throws {
    var servers: [FaultyServer] = []
    for fault in fault.isEmpty ? Fault.allCases : fault {
      let server = FaultyServer(fault, dialect)
      try Console.output("\(fault.rawValue) \(try await server.start())\n")
      servers.append(server)
    }
    try Console.output("\n")
    while readLine() != nil {}
    for server in servers { try await server.end() }
  }
}

extension Dialect: ExpressibleByArgument {}
extension Fault: ExpressibleByArgument {}
