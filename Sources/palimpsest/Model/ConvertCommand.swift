internal import ArgumentParser
internal import Checkpoints
internal import Commands
internal import Inference
internal import JSON
internal import Tensors

extension ModelCommand {
  struct Convert: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write a checkpoint as one file, optionally smaller.",
      discussion: """
        A checkpoint folder becomes a packed file that opens like the folder: a GGUF file in which \
        the tensors keep their names and the JSON files go along. A GGUF file becomes a GGUF file \
        with the same metadata. --type is the new type of matrices; embedding and output matrix keep \
        at least 8 bits, vectors fp32.

        A drafter (linear_spec_lora) or an adapter beside the checkpoint is not included.

        With --json one object: "path", "tensors", "parameters", "bytes", "bytesBefore", \
        "bytesByType".

        Examples:
          palimpsest model convert ~/checkpoints/Dream-7B dream.gguf --type q4_1
          palimpsest model convert model.gguf smaller.gguf --type q8_0

        Exit codes: 0 success; 1 failure, no file written; 64 invalid command line.
        """)

    @Argument(help: "A model in the library, a checkpoint folder, or a GGUF or safetensors file.")
    var source: String

    @Argument(help: "The file to write; it must not exist.")
    var destination: String

    @Option(
      help: ArgumentHelp(
        "\(ElementType.encodable.map(\.rawValue).joined(separator: ", ")).", valueName: "type"))
    var type: String = "q8_0"

    @Flag(help: "Write one JSON object.")
    var json = false

    func validate() throws {
      guard ElementType.encodable.contains(where: { $0.rawValue == type.lowercased() }) else {
        throw ValidationError(
          "--type \(type) is not one of \(ElementType.encodable.map(\.rawValue).joined(separator: ", "))."
        )
      }
    }

    func run() throws {
      guard let type = ElementType(rawValue: type.lowercased()) else { return }
      let bar = FetchReport.standard
      let report = try ModelConversion(to: type).convert(
        ModelLibrary.path(of: source), to: destination
      ) { share in bar.progress("converting", done: Int(share * 1000), of: 1000) }
      bar.clear()
      try Console.output(
        json
          ? Self.object(report).serialized() + "\n"
          : """
          \(report.path): \(report.tensors) tensors, \(FetchReport.megabytes(report.bytesBefore)) MB \
          became \(FetchReport.megabytes(report.bytes)) MB

          """)
    }

    static func object(_ report: ModelConversion.Report) -> JSONValue {
      let shares = report.byType.map { share -> (String, JSONValue) in
        (
          share.type.rawValue,
          ["tensors": .integer(share.tensors), "bytes": .integer(share.bytes)]
        )
      }
      return [
        "path": .string(report.path), "tensors": .integer(report.tensors),
        "parameters": .integer(report.parameters), "bytes": .integer(report.bytes),
        "bytesBefore": .integer(report.bytesBefore),
        "bytesByType": .object(JSONObject(shares)),
      ]
    }
  }
}
