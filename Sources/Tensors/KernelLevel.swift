internal import CKernels
internal import COpenBLAS
import Glibc

/// Instruction sets the kernels are written for, in ascending order of speed.
public enum KernelLevel: String, Sendable, CaseIterable, Comparable {
  /// C with the vectors of the architecture's baseline.
  case portable
  /// As portable, with OpenBLAS for fp32 products.
  case openblas
  /// NEON of 64-bit ARM.
  case neon
  /// NEON with dot products of 8-bit integers.
  case neondot
  /// AVX2 and FMA.
  case avx2
  /// AVX-512 with the 8-bit dot products of VNNI.
  case avx512vnni
  /// AMX tiles for 8-bit and bfloat16 products, AVX-512 for the rest.
  case amx

  /// Name of the environment variable that forces a level.
  public static let environmentVariable = "PALIMPSEST_KERNELS"

  /// Levels that this CPU and operating system run, ascending. Loads OpenBLAS.
  public static var available: [KernelLevel] { allCases.filter(\.isAvailable) }

  /// Whether this machine runs the level. Loads OpenBLAS for its level, and for no other.
  public var isAvailable: Bool {
    guard unsafe ck_select(code) != nil else { return false }
    return unsafe self != .openblas || Kernels.openBLAS.functions != nil
  }

  /// The level named by the environment variable, else the highest available one.
  public static func preferred() throws(KernelError) -> KernelLevel {
    guard let name = unsafe getenv(environmentVariable) else {
      return allCases.last(where: \.isAvailable) ?? .portable
    }
    return try KernelLevel(named: unsafe String(cString: name))
  }

  /// The available level called `name`.
  public init(named name: String) throws(KernelError) {
    guard let level = KernelLevel(rawValue: name) else { throw KernelError.unknownLevel(name) }
    guard level.isAvailable else { throw KernelError.unavailableLevel(level) }
    self = level
  }

  public static func < (a: KernelLevel, b: KernelLevel) -> Bool {
    a.rank < b.rank
  }

  /// The place among all levels, in the order of their declaration.
  private var rank: Int { Self.allCases.prefix { $0 != self }.count }

  var code: ck_level {
    switch self {
    case .portable, .openblas: ck_level_portable
    case .neon: ck_level_neon
    case .neondot: ck_level_neondot
    case .avx2: ck_level_avx2
    case .avx512vnni: ck_level_avx512vnni
    case .amx: ck_level_amx
    }
  }
}

/// Why kernels cannot be had.
public enum KernelError: Error, Sendable, Equatable, CustomStringConvertible {
  case unknownLevel(String)
  case unavailableLevel(KernelLevel)

  public var description: String {
    if self == .unavailableLevel(.openblas), let missing = Kernels.openBLAS.missing {
      return missing
    }
    let known = KernelLevel.available.map(\.rawValue).joined(separator: ", ")
    return switch self {
    case .unknownLevel(let name): "unknown kernel level '\(name)': this machine has \(known)"
    case .unavailableLevel(let level):
      "this machine does not run the kernel level '\(level.rawValue)': it has \(known)"
    }
  }
}
