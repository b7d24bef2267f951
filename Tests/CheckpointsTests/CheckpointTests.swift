import Checkpoints
import Glibc
import JSON
import Strings
import Tensors
import TestSupport
import Testing

struct CheckpointTests {
  /// A folder for one test, removed afterwards.
  private final class Folder {
    let path: String

    init(_ files: [String: [UInt8]]) throws {
      var template = Array("/tmp/palimpsest-checkpoint-XXXXXX".utf8CString)
      path = try unsafe String(cString: #require(unsafe mkdtemp(&template)))
      for (name, bytes) in files {
        let file = try unsafe #require(unsafe fopen("\(path)/\(name)", "w"))
        unsafe fwrite(bytes, 1, bytes.count, file)
        unsafe fclose(file)
      }
    }

    deinit {
      for name in SharedFiles.names(in: path) { unsafe unlink("\(path)/\(name)") }
      unsafe rmdir(path)
    }
  }

  private static func tensors(_ names: String...) -> [UInt8] {
    let entries = names.enumerated().map { index, name in
      #""\#(name)":{"dtype":"F32","shape":[1,2],"data_offsets":[\#(8 * index),\#(8 * index + 8)]}"#
    }
    return SafetensorsTests.file("{\(entries.joined(separator: ","))}", data: 8 * names.count)
  }

  private static let configuration = Array(#"{"model_type":"llama","n_layers":2}"#.utf8)

  @Test func foldersOfFilesAreNamed() throws {
    let folder = try Folder(["a.gguf": [1], "b.gguf": [2], "c.txt": [3]])
    let error = #expect(throws: FileError.self) { try Checkpoint.open(folder.path) }
    #expect(error?.found == "a folder of 2: a.gguf, b.gguf")
    let empty = try Folder([:])
    let other = #expect(throws: FileError.self) { try Checkpoint.open(empty.path) }
    #expect(other?.found == "no config.json")
  }

  /// Nothing in a file reaches a terminal as a control character by way of an error.
  @Test func errorsAreOneLine() {
    let error = FileError(
      file: "a\u{1B}]0;x\u{7}", place: "\n", expected: "\u{202E}", found: "\u{9B}2J")
    #expect(
      error.description
        == #"a\u{1b}]0;x\u{7}: \u{a}: expected \u{202e}, found \u{9b}2J"#)
  }

  @Test func shardsAreOneCheckpoint() throws {
    let index =
      #"{"weight_map":{"a":"model-1.safetensors","c":"model-2.safetensors","b":"model-1.safetensors"}}"#
    let folder = try Folder([
      "config.json": Self.configuration, "model.safetensors.index.json": Array(index.utf8),
      "model-1.safetensors": Self.tensors("a", "b"), "model-2.safetensors": Self.tensors("x", "c"),
      "adapter_model.safetensors": Self.tensors("lora"),
    ])
    let checkpoint = try Checkpoint.open(folder.path)
    #expect(checkpoint.tensorNames == ["a", "b", "c"])
    #expect(checkpoint.shards.count == 2)
    #expect(try checkpoint.tensor("c").shape == [1, 2])
    #expect(checkpoint.tensorIfPresent("x") == nil)
    #expect(checkpoint.tensorIfPresent("lora") == nil)
  }

  @Test(arguments: [
    #"{}"#, #"{"weight_map":{"a":"../other"}}"#, #"{"weight_map":{"a":7}}"#,
    #"{"weight_map":{"a":"missing.safetensors"}}"#, #"{"weight_map":{"z":"m.safetensors"}}"#, "[",
  ])
  func wrongIndexesAreRefused(_ index: String) throws {
    let folder = try Folder([
      "config.json": Self.configuration, "model.safetensors.index.json": Array(index.utf8),
      "m.safetensors": Self.tensors("a"),
    ])
    let error = #expect(throws: FileError.self) { try Checkpoint.open(folder.path) }
    #expect(error?.file.hasPrefix(folder.path) == true)
  }

  @Test func aSingleFileFindsWhatLiesBesideIt() throws {
    let folder = try Folder([
      "config.json": Self.configuration, "weights.safetensors": Self.tensors("a", "b"),
    ])
    let checkpoint = try Checkpoint.open(folder.path + "/weights.safetensors")
    #expect(checkpoint.source == .safetensors)
    #expect(checkpoint.configuration?["model_type"] == "llama")
    #expect(checkpoint.tensorNames == ["a", "b"])
    #expect(checkpoint.fileInFolder("config.json") != nil)
    #expect(checkpoint.fileInFolder("tokenizer.json") == nil)
  }

  @Test func whatIsNoCheckpointIsRefused() throws {
    let folder = try Folder(["config.json": Self.configuration, "empty": []])
    for path in [folder.path, folder.path + "/empty", folder.path + "/none", "/dev/zero"] {
      #expect(throws: FileError.self) { try Checkpoint.open(path) }
    }
    let made = unsafe mkfifo(folder.path + "/pipe", 0o600)
    #expect(made == 0)
    #expect(throws: FileError.self) { try Checkpoint.open(folder.path + "/pipe") }
  }
}
