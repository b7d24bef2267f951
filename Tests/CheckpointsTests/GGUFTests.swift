import Checkpoints
import JSON
import Strings
import Tensors
import TestSupport
import Testing

struct GGUFTests {
  static let folders = SharedFiles.goldenFolders("gguf")
  static let files = folders.flatMap { folder in
    SharedFiles.names(in: folder).filter { $0.hasSuffix(".gguf") }.map { "\(folder)/\($0)" }
  }

  @Test(arguments: folders)
  func tensorsHaveTheReferencesTypesAndValues(_ folder: String) throws {
    let golden = try JSONValue.parse(MappedFile(path: folder + "/golden.json"))
    let arrays = try SafetensorsFile(path: folder + "/golden.safetensors")
    for entry in try #require(golden["cases"]?.array) {
      guard let types = entry["tensor_types"]?.object, let name = entry["file"]?.string else {
        continue
      }
      let file = try GGUFFile(path: folder + "/" + name)
      for (tensor, type) in zip(types.keys, types.values) {
        let found = try #require(file.tensors[tensor])
        #expect(found.type.rawValue.uppercased() == type.string)
      }
      for name in try #require(entry["dequantised"]?.array).compactMap(\.string) {
        let reference = try arrays.tensor(name)
        let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
        let tensor = try #require(file.tensors[parts[1]])
        #expect(tensor.shape == reference.shape)
        #expect(Self.distance(tensor, reference) < 1e-6, "\(name)")
      }
    }
  }

  @Test(arguments: folders)
  func blocksOfEveryTypeDecode(_ folder: String) throws {
    let arrays = try SafetensorsFile(path: folder + "/golden.safetensors")
    let file = try GGUFFile(path: folder + "/blocks-k.gguf")
    let references = arrays.tensorNames.filter { $0.hasPrefix("blocks.") }
    #expect(references.count == file.tensors.count)
    for name in references {
      let tensor = try #require(file.tensors[String(name.dropFirst("blocks.".count))])
      #expect(tensor.shape == [3, 512])
      #expect(Self.distance(tensor, try arrays.tensor(name)) < 1e-5, "\(name)")
    }
  }

  private static func distance(_ a: Tensor, _ b: Tensor) -> Float {
    zip(a.floats(), b.floats()).map { abs($0 - $1) }.max() ?? .infinity
  }

  @Test(
    .enabled(if: SharedFiles.baseModel != nil, "needs the default model: palimpsest model fetch"))
  func theBaseModelIsAsDescribed() throws {
    let checkpoint = try Checkpoint.open(#require(SharedFiles.baseModel))
    #expect(checkpoint.source == .gguf)
    #expect(checkpoint.tensorNames.count == 272)
    let embedding = try checkpoint.tensor("token_embd.weight")
    #expect(embedding.shape == [49152, 576])
    #expect(embedding.type == .q8_0)
    #expect(try checkpoint.tensor("blk.0.ffn_down.weight").shape == [576, 1536])
    #expect(checkpoint.tensorIfPresent("output.weight") == nil)
    let error = #expect(throws: FileError.self) { try checkpoint.tensor("output.weight") }
    #expect(error?.place == "tensor “output.weight”")
  }

  /// A file of one tensor, [2, 32] f32 of ones, that tests then spoil.
  static func small(
    version: UInt32 = 3, type: UInt32 = 0, sizes: [UInt64] = [32, 2], offset: UInt64 = 0,
    count: UInt64 = 1, alignment: UInt32? = nil, data: Int = 256
  ) -> [UInt8] {
    var bytes = Array("GGUF".utf8)
    func append(_ value: some FixedWidthInteger) {
      for index in 0..<(value.bitWidth / 8) {
        bytes.append(UInt8(truncatingIfNeeded: value >> (8 * index)))
      }
    }
    func append(_ text: String) {
      append(UInt64(text.utf8.count))
      bytes += text.utf8
    }
    append(version)
    append(count)
    append(UInt64(alignment == nil ? 1 : 2))
    append("list")
    append(UInt32(9))
    append(UInt32(8))
    append(UInt64(2))
    append("a")
    append("é")
    if let alignment {
      append("general.alignment")
      append(UInt32(4))
      append(alignment)
    }
    append("w")
    append(UInt32(sizes.count))
    for size in sizes { append(size) }
    append(type)
    append(offset)
    while bytes.count % 32 != 0 { bytes.append(0) }
    return bytes + [UInt8](repeating: 0, count: data)
  }

  private func read(_ bytes: [UInt8]) throws -> GGUFFile {
    try GGUFFile(MappedFile(copying: bytes, name: "test.gguf"))
  }

  @Test func shapesAreOutermostFirst() throws {
    let file = try read(Self.small())
    #expect(file.tensors["w"]?.shape == [2, 32])
    #expect(file.metadata["list"] == .strings(["a", "é"]))
    #expect(try read(Self.small(version: 2)).version == 2)
    #expect(try read(Self.small(alignment: 8)).tensorNames == ["w"])
  }

  @Test func wrongFieldsAreNamed() {
    func place(_ bytes: [UInt8]) -> String? {
      let error = #expect(throws: FileError.self) { try read(bytes) }
      return error.map { $0.description }
    }
    #expect(place(Self.small(version: 1))?.contains("version") == true)
    #expect(place(Self.small(version: 3 << 24))?.contains("big-endian") == true)
    #expect(place(Self.small(type: 16))?.contains("tensor “w”, type") == true)
    #expect(place(Self.small(type: 16))?.contains("IQ2_XXS") == true)
    #expect(place(Self.small(type: 999))?.contains("found 999") == true)
    #expect(place(Self.small(type: 8, sizes: [33, 2]))?.contains("multiple of 32") == true)
    #expect(place(Self.small(sizes: []))?.contains("rank") == true)
    #expect(place(Self.small(sizes: [0, 2]))?.contains("size 0") == true)
    #expect(place(Self.small(sizes: [1 << 40, 1 << 40]))?.contains("size 1") == true)
    #expect(place(Self.small(sizes: [1 << 63]))?.contains("size 0") == true)
    #expect(place(Self.small(offset: 5))?.contains("offset") == true)
    #expect(place(Self.small(offset: .max - 31))?.contains("tensor “w”") == true)
    #expect(place(Self.small(data: 255))?.contains("256 bytes at 0") == true)
    #expect(place(Self.small(count: 1 << 60))?.contains("tensor count") == true)
    #expect(place(Self.small(alignment: 7))?.contains("general.alignment") == true)
    #expect(place(Array(Self.small().prefix(70)))?.contains("test.gguf") == true)
    #expect(place([])?.contains("magic") == true)
  }

  @Test(arguments: files)
  func damagedFilesNeverTrap(_ path: String) throws {
    let bytes = try #require(SharedFiles.bytes(path))
    let header = try Self.headerSize(bytes)
    // The tensor data is all alike: the header and a little of what follows stand for the file.
    let mutations = Mutator.count(standard: 1800) / 9
    let peak = Mutator.peakMemory
    var refused = 0
    for seed in 0..<mutations {
      var mutator = Mutator(seed: seed)
      let damaged = mutator.binary(bytes, within: 0..<min(header, 1 << (5 + seed % 12)))
      do {
        let file = try read(damaged)
        for tensor in file.tensors.values { _ = tensor.row(tensor.rows - 1) }
      } catch is FileError {
        refused += 1
      }
    }
    #expect(mutations == 0 || refused > 0)
    #expect(Mutator.peakMemory - peak < 512 << 20)
  }

  static func headerSize(_ bytes: [UInt8]) throws -> Int {
    let file = try GGUFFile(MappedFile(copying: bytes, name: "golden"))
    return bytes.count - file.tensors.values.map(\.byteCount).reduce(0, +)
  }
}
