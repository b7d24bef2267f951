import Checkpoints
import Strings
import Tensors
import TestSupport
import Testing

struct SafetensorsTests {
  static func file(_ header: String, data: Int) -> [UInt8] {
    var length = header.utf8.count
    var bytes: [UInt8] = []
    for _ in 0..<8 {
      bytes.append(UInt8(truncatingIfNeeded: length))
      length >>= 8
    }
    return bytes + Array(header.utf8) + (0..<data).map { UInt8(truncatingIfNeeded: $0) }
  }

  private func read(_ header: String, data: Int) throws -> SafetensorsFile {
    try SafetensorsFile(MappedFile(copying: Self.file(header, data: data), name: "test"))
  }

  @Test func tensorsAndMetadataAreRead() throws {
    let file = try read(
      #"{"__metadata__":{"format":"pt"},"b":{"dtype":"BF16","shape":[2,2],"data_offsets":[4,12]},"#
        + #""a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"i":{"dtype":"I64","shape":[1],"#
        + #""data_offsets":[12,20]},"e":{"dtype":"F16","shape":[0,3],"data_offsets":[20,20]}}"#,
      data: 20)
    #expect(file.metadata == ["format": "pt"])
    #expect(file.tensorNames == ["a", "b", "i", "e"])
    #expect(file.tensors["b"]?.shape == [2, 2])
    #expect(file.tensors["a"]?.floats() == [Float(bitPattern: 0x0302_0100)])
    #expect(file.tensors["e"]?.count == 0)
    #expect(file.entries["i"]?.type == "I64")
    let error = #expect(throws: FileError.self) { try file.tensor("i") }
    #expect(error?.description == "test: tensor “i”: expected type F32, F16 or BF16, found I64")
    #expect(throws: FileError.self) { try file.tensor("none") }
  }

  @Test(arguments: [
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4, "data_offsets"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 5, "tensor data"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 3, "data_offsets"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[1,5]}}"#, 5, "tensor “a”"),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"#
        + #""data_offsets":[2,6]}}"#, 6, "tensor “b”"
    ),
    (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4, "shape"),
    (
      #"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}"#, 4, "shape"
    ),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4, "data_offsets"),
    (#"{"a":{"dtype":"F32","shape":[1]}}"#, 4, "data_offsets"),
    (#"{"a":{"shape":[1],"data_offsets":[0,4]}}"#, 4, "dtype"),
    (#"{"a":7}"#, 0, "dtype"),
    (#"{"__metadata__":{"a":1}}"#, 0, "__metadata__"),
    ("[]", 0, "header"),
    ("{", 0, "1:2"),
  ])
  func wrongHeadersAreNamed(_ header: String, _ data: Int, _ place: String) {
    let error = #expect(throws: FileError.self) { try read(header, data: data) }
    #expect(error?.place.contains(place) == true, "\(String(describing: error))")
  }

  @Test func lengthsBeyondTheFileAreRefused() {
    for bytes in [
      [], [1, 2, 3], [UInt8](repeating: 0xFF, count: 8), [9, 0, 0, 0, 0, 0, 0, 0, 0x7B],
    ] {
      #expect(throws: FileError.self) {
        try SafetensorsFile(MappedFile(copying: bytes, name: "test"))
      }
    }
  }

  static let goldens: [String] = {
    guard let root = SharedFiles.path("golden") else { return [] }
    let families = SharedFiles.names(in: root).flatMap { set in
      SharedFiles.names(in: "\(root)/\(set)").map { "\(root)/\(set)/\($0)" }
    }
    return (families + families.map { $0 + "/bf16" }).filter {
      SharedFiles.names(in: $0).contains("model.safetensors")
    }
  }()

  @Test(arguments: goldens)
  func goldenFoldersOpen(_ folder: String) throws {
    let checkpoint = try Checkpoint.open(folder)
    #expect(checkpoint.source == .folder)
    for name in checkpoint.tensorNames {
      #expect(!name.contains("lora"))
      #expect(try checkpoint.tensor(name).floats().allSatisfy(\.isFinite), "\(name)")
    }
    let types = try checkpoint.tensorNames.map { try checkpoint.tensor($0).type }
    let isHalf = folder.hasSuffix("/bf16") || types.first == .bf16
    #expect(types.allSatisfy { $0 == (isHalf ? .bf16 : .f32) })
  }

  @Test(arguments: goldens)
  func damagedHeadersNeverTrap(_ folder: String) throws {
    let bytes = try #require(SharedFiles.bytes(folder + "/model.safetensors"))
    let length = (0..<8).reversed().reduce(0) { $0 << 8 | Int(bytes[$1]) }
    let mutations = Mutator.count(standard: 1600) / 16
    let peak = Mutator.peakMemory
    var refused = 0
    for seed in 0..<mutations {
      var mutator = Mutator(seed: seed)
      let damaged = mutator.json(bytes, within: (seed % 9)..<min(8 + length, 1 << (6 + seed % 8)))
      do {
        let file = try SafetensorsFile(MappedFile(copying: damaged, name: "damaged"))
        for tensor in file.tensors.values where tensor.rows > 0 { _ = tensor.row(tensor.rows - 1) }
      } catch {
        refused += 1
      }
    }
    #expect(mutations == 0 || refused > 0)
    #expect(Mutator.peakMemory - peak < 512 << 20)
  }
}
