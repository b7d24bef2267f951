import Checkpoints
import Decoding
import Foundation
import JSON
import Strings
import SyntheticModels
import Tensors
import TestSupport
import Testing
import Tokenizers
import Transformers

@testable import Inference

/// Damaged files of checkpoints: an error each time, never a trap, no runaway memory. With the tests
/// of each reader more than 100 000 mutations; `PALIMPSEST_MUTATIONS` asks each test for more.
///
/// Files are cut down to a few tensors, tokens and merges, so that most of a mutation is reading and
/// not copying.
@Suite struct MutationTests {
  /// Parts run side by side.
  static let parts = 0..<8

  static let families = [
    "llama", "qwen2", "qwen3", "nemotron_labs_diffusion", "fast_dllm_v2", "llada", "dream",
    "dreamon", "sdar", "llada2_moe",
  ].compactMap { SharedFiles.path("golden/open/\($0)") }

  /// Calls `body` with so many numbers, those of a part, and checks that something was refused and
  /// that memory stayed.
  private func each(_ standard: Int, _ part: Int, _ body: (Int) throws -> Bool) throws {
    let count = Mutator.count(standard: standard)
    let peak = Mutator.peakMemory
    var refused = 0
    for seed in stride(from: part, to: count, by: Self.parts.count) where try !body(seed) {
      refused += 1
    }
    #expect(refused > 0)
    #expect(Mutator.peakMemory - peak < 512 << 20)
  }

  /// Whether `body` finds no fault in what it reads.
  private func accepts(_ body: () throws -> Void) throws -> Bool {
    do {
      try body()
      return true
    } catch is FileError {
      return false
    }
  }

  @Test(arguments: parts)
  func configurations(_ part: Int) throws {
    let files = try Self.families.map { folder in
      let family = try ModelFamily.identify(Checkpoint.open(folder)).0
      return (family, try #require(SharedFiles.bytes(folder + "/config.json")))
    }
    try each(40_000, part) { seed in
      let (family, bytes) = files[seed % files.count]
      var mutator = Mutator(seed: seed)
      let damaged = mutator.json(bytes)
      return try accepts {
        let json = try JSONValue.parse(damaged, file: "config.json")
        _ = try ModelConfiguration(
          ConfigurationReader(json, file: "config.json"), family: family)
      }
    }
  }

  /// Three tensors of a golden file.
  private static func safetensors(_ folder: String) throws -> [UInt8] {
    let file = try SafetensorsFile(path: folder + "/model.safetensors")
    var writer = SafetensorsWriter(metadata: ["format": "pt"])
    for name in file.tensorNames.suffix(3) {
      writer.add(name, shape: [2, 3], [1, 2, 3, 4, 5, 6])
    }
    return writer.bytes()
  }

  @Test(arguments: parts)
  func safetensorsHeaders(_ part: Int) throws {
    let files = try Self.families.map(Self.safetensors)
    try each(30_000, part) { seed in
      var mutator = Mutator(seed: seed)
      let damaged = mutator.json(files[seed % files.count])
      return try accepts {
        let file = try SafetensorsFile(MappedFile(copying: damaged, name: "damaged"))
        for tensor in file.tensors.values where tensor.rows > 0 { _ = tensor.row(tensor.rows - 1) }
      }
    }
  }

  @Test(arguments: parts)
  func indexes(_ part: Int) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "index-\(UUID())").path
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func write(_ bytes: [UInt8], _ name: String) throws {
      try Data(bytes).write(to: URL(filePath: "\(folder)/\(name)"))
    }
    try write(Array("{}".utf8), "config.json")
    var map: [String] = []
    for (number, family) in Self.families.prefix(2).enumerated() {
      let bytes = try Self.safetensors(family)
      try write(bytes, "m\(number).safetensors")
      for name in try SafetensorsFile(MappedFile(copying: bytes, name: "m")).tensorNames {
        map.append(#""\#(name)":"m\#(number).safetensors""#)
      }
    }
    let index = Array(
      #"{"metadata":{"total_size":144},"weight_map":{\#(map.joined(separator: ","))}}"#.utf8)
    try each(8_000, part) { seed in
      var mutator = Mutator(seed: seed)
      try write(mutator.json(index), "model.safetensors.index.json")
      return try accepts { _ = try Checkpoint.open(folder) }
    }
  }

  /// A golden file's metadata, arrays cut to their first elements, and one tensor.
  private static func gguf() throws -> [UInt8] {
    let folder = try #require(SharedFiles.path("golden/open/gguf"))
    let file = try GGUFFile(path: folder + "/tiny-Q4_0.gguf")
    var writer = GGUFWriter()
    for (key, value) in file.metadata.sorted(by: { $0.key < $1.key }) {
      let short: GGUFValue =
        switch value {
        case .strings(let values): .strings(Array(values.prefix(12)))
        case .integers(let values): .integers(Array(values.prefix(12)))
        case .floats(let values): .floats(Array(values.prefix(12)))
        default: value
        }
      writer.add(key, short)
    }
    let path = FileManager.default.temporaryDirectory.appending(path: "small-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try writer.write(to: path, [.init("token_embd.weight", shape: [2, 32], type: .q4_0)]) {
      try $1([UInt8](repeating: 7, count: $0.byteCount))
    }
    return try #require(SharedFiles.bytes(path))
  }

  @Test(arguments: parts)
  func ggufMetadata(_ part: Int) throws {
    let bytes = try Self.gguf()
    try each(20_000, part) { seed in
      var mutator = Mutator(seed: seed)
      let damaged = mutator.binary(bytes)
      return try accepts {
        let file = try GGUFFile(MappedFile(copying: damaged, name: "damaged"))
        for tensor in file.tensors.values { _ = tensor.row(tensor.rows - 1) }
        _ = file.encodedPairs()
        _ = try Tokenizer(gguf: file)
        let architecture = file.metadata["general.architecture"]?.string ?? ""
        if let family = ModelFamily.all.first(where: {
          $0.ggufArchitectures.contains(architecture)
        }) {
          _ = try ModelConfiguration(file, family: family, architecture: architecture)
        }
      }
    }
  }

  /// Checkpoints whose headers are whole and whose numbers contradict each other.
  @Test(arguments: parts)
  func wholeCheckpoints(_ part: Int) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "damaged-\(UUID())").path
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try TinyModel.write(to: folder)
    let path = "\(folder)/config.json"
    let bytes = try #require(SharedFiles.bytes(path))
    let kernels = try Kernels(threads: 1)
    try each(400, part) { seed in
      var mutator = Mutator(seed: seed)
      try Data(mutator.json(bytes)).write(to: URL(filePath: path))
      return try accepts {
        _ = try Transformer(Checkpoint.open(folder), kernels: kernels, format: .int8)
      }
    }
  }
}
