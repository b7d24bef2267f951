internal import Platform
public import Tensors

/// The golden checks over a directory: every folder below it with a `golden.json`, and every
/// checkpoint in that folder with the same weights in another type (`bf16`).
public struct GoldenRun {
  public struct Outcome: Sendable {
    /// `dream/bf16 infill.entropy`.
    public var place: String
    public var kind: String
    /// Nil where the case passed.
    public var failure: String?
  }

  public private(set) var outcomes: [Outcome] = []

  public var passed: Int { outcomes.count { $0.failure == nil } }
  public var failures: [Outcome] { outcomes.filter { $0.failure != nil } }

  /// Runs all cases below `directory`; those for which `includes(place, kind)` is false are left
  /// out. Throws where the directory holds no golden data at all; everything else is an outcome.
  public init(
    _ directory: String, kernels: Kernels, includes: (String, String) -> Bool = { _, _ in true },
    report: (Outcome) -> Void = { _ in }
  ) throws {
    let folders = Files.folders(below: directory, depth: 3).filter {
      Files.isReadable("\($0)/golden.json")
    }
    guard !folders.isEmpty else {
      throw GoldenMismatch("\(directory): no golden.json in or below it")
    }
    for path in folders {
      let name = Self.name(of: path, in: directory)
      let others = Files.visibleNames(in: path).filter {
        $0 == "bf16" && Files.isReadable("\(path)/\($0)/model.safetensors")
      }
      run(path, nil, name, kernels, includes, report)
      for other in others {
        run(path, "\(path)/\(other)", "\(name)/\(other)", kernels, includes, report)
      }
    }
  }

  private mutating func run(
    _ path: String, _ checkpoint: String?, _ name: String, _ kernels: Kernels,
    _ includes: (String, String) -> Bool, _ report: (Outcome) -> Void
  ) {
    func add(_ outcome: Outcome) {
      outcomes.append(outcome)
      report(outcome)
    }
    let folder: GoldenFolder
    do {
      folder = try GoldenFolder(path, checkpoint: checkpoint, kernels: kernels)
    } catch {
      add(Outcome(place: name, kind: "folder", failure: "\(error)"))
      return
    }
    for item in folder.allCases {
      let place = "\(name) \(item.name)"
      guard includes(place, item.kind) else { continue }
      var outcome = Outcome(place: place, kind: item.kind)
      do {
        guard let check = CheckRegistry.check(item.kind) else {
          throw GoldenMismatch("no check for cases of kind \(item.kind)")
        }
        try check(item)
      } catch {
        outcome.failure = "\(error)"
      }
      add(outcome)
    }
  }

  private static func name(of path: String, in directory: String) -> String {
    let root = directory.hasSuffix("/") ? directory : directory + "/"
    if path.hasPrefix(root) { return String(path.dropFirst(root.count)) }
    return path.split(separator: "/").last.map(String.init) ?? path
  }
}
