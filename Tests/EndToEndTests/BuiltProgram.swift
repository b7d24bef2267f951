import Commands
import Glibc
import Platform
import SyntheticModels
import TestSupport

@testable import palimpsest

/// The program as the build made it, run as a person runs it.
enum BuiltProgram {
  /// Both lie beside the test runner.
  static let path = folder + "/palimpsest"
  static let developerPath = folder + "/palimpsest-dev"

  private static let folder: String = {
    var buffer = [CChar](repeating: 0, count: 4096)
    let length = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
    let runner = String(decoding: buffer[..<max(0, length)].map(UInt8.init), as: UTF8.self)
    return runner.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/")
  }()

  struct Result {
    var status: Int32
    var output: String
    var error: String
  }

  /// Runs the program to its end; its output goes to the file `output`, by default one that is read
  /// back. Its folders for data, settings and state are `home`'s own.
  static func run(
    _ arguments: [String], program: String = path, input: String = "", output: String? = nil,
    home: Scratch,
    environment: [String: String] = [:]
  ) throws -> Result {
    let (input, output, error) = (
      try home.file("stdin", input), output ?? home.path("stdout"), home.path("stderr")
    )
    let result = try Subprocess.run(
      "sh", ["-c", #"exec "$@" <"$IN" >"$OUT" 2>"$ERR""#, "sh", program] + arguments,
      environment: home.environment.merging(environment) { $1 }.merging(
        ["IN": input, "OUT": output, "ERR": error]) { $1 },
      log: home.path("log"))
    return Result(
      status: result?.status ?? -1, output: home.read("stdout") ?? "",
      error: home.read("stderr") ?? "")
  }
}

/// A model of a few layers with random weights: it fills with nonsense, in no time.
enum TinyModel {
  private static let home = Result { try Scratch() }

  static let path = Result { () throws -> String in
    let scratch = try home.get()
    let folder = scratch.path("tiny")
    try Files.makeFolder(folder)
    try SyntheticModels.TinyModel.write(to: folder)
    return folder
  }
}

/// Where the default model lies on this machine, nil where it was not fetched.
enum DefaultModel {
  static let path: String? = {
    let home =
      Files.environment("XDG_DATA_HOME") ?? (Files.environment("HOME") ?? "") + "/.local/share"
    let path = home + "/palimpsest/models/" + ModelPackage.standard.model.name
    return Files.exists(path) ? path : nil
  }()
}
