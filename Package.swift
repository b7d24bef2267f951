// swift-tools-version: 6.2
import PackageDescription

// Each dependency and why it is here:
// - swift-argument-parser: subcommands, help and exit codes of the executable.
// - swift-collections: the B-tree behind the text buffer, the heap of byte-pair encoding and of kept
//   undo, objects of JSON, the queue of the engine's thread.
//   `_RopeModule` is not stable API, hence `exact`.
// - TOMLKit: theme and settings files, with line and column in its errors.
// - swift-nio: HTTP/1.1 of `palimpsest serve`; 4.8 MB. Not Hummingbird on top: a router and middleware
//   for five paths are not worth twenty more packages to fetch, nine of them to build.
// System libraries: ncursesw paints, PCRE2 runs patterns of languages, search and tokenizers.
// Loaded by their first use (CLoading), so that a start is not slower for them; the build needs their
// headers alone: libcurl speaks HTTP to services, OpenBLAS is the fp32 reference, libcrypto computes
// SHA-256, hunspell checks spelling by the system's dictionaries, libpng, libjpeg and libwebp decode
// pictures.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// A static standard library has programs export their symbols: 2 MB of names that nobody looks up.
let program: [LinkerSetting] = [
  .unsafeFlags(["-Xlinker", "--no-export-dynamic"], .when(configuration: .release))
]

/// A Swift library target of this package with the settings all of them share.
func module(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = [])
  -> Target
{
  .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

let package = Package(
  name: "palimpsest",
  products: [
    .executable(name: "palimpsest", targets: ["palimpsest"]),
    .executable(name: "palimpsest-dev", targets: ["palimpsest-dev"]),
    .library(name: "Inference", targets: ["Inference"]),
    .library(name: "Decoding", targets: ["Decoding"]),
    .library(name: "Tokenizers", targets: ["Tokenizers"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
  ],
  targets: [
    // C: kernels chosen at run time, what Swift cannot say about the platform, system libraries.
    .target(name: "CKernels", dependencies: ["CPlatform"], cSettings: [.define("_GNU_SOURCE")]),
    .target(name: "CPlatform", cSettings: [.define("_GNU_SOURCE")]),
    .target(name: "CLoading", linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "CPictures", dependencies: ["CLoading"]),
    .target(name: "COpenBLAS", dependencies: ["CLoading"]),
    .target(name: "CCrypto", dependencies: ["CLoading"]),
    .target(name: "CHunspell", dependencies: ["CLoading"]),
    .target(name: "CCurl", dependencies: ["CLoading"]),
    .systemLibrary(name: "CNcurses", providers: [.apt(["libncurses-dev"])]),
    .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),

    // Under everything.
    module("Platform", ["CPlatform", "Strings"]),
    module("Strings", []),
    module(
      "JSON",
      ["Strings", .product(name: "OrderedCollections", package: "swift-collections")]),

    // What services speak.
    module("Streaming", ["JSON", "Strings"]),
    module("Networking", ["RemoteEngines", "CCurl"]),
    module(
      "RemoteEngines",
      [
        "Infilling", "DecodingPolicies", "Decoding", "Tensors", "Streaming", "JSON", "Strings",
      ]),

    // The engine.
    module("Tensors", ["CKernels", "COpenBLAS"]),
    module("RegularExpressions", ["CPCRE2", "Strings"]),
    module("Checkpoints", ["Tensors", "JSON", "Platform", "Strings"]),
    module(
      "Tokenizers",
      [
        "Checkpoints", "JSON", "RegularExpressions", "Strings",
        .product(name: "HeapModule", package: "swift-collections"),
      ]),
    module("DecodingPolicies", []),
    module("Pictures", ["CPictures", "Strings"]),
    module("Transformers", ["Tensors", "Checkpoints", "JSON", "Pictures", "Strings"]),
    module("Decoding", ["DecodingPolicies", "Transformers", "Tensors"]),
    module("Infilling", ["DecodingPolicies"]),
    module(
      "Inference",
      [
        "Infilling", "DecodingPolicies", "Decoding", "Transformers", "Tokenizers", "Checkpoints",
        "Tensors", "Pictures", "Platform", "CPlatform", "Strings", "CCrypto",
        .product(name: "DequeModule", package: "swift-collections"),
      ],
      resources: [.copy("Adapter")]),
    module(
      "Evaluation",
      [
        "Inference", "Decoding", "DecodingPolicies", "Transformers", "Tokenizers", "Tensors",
        "Documents",
        "JSON", "Strings",
      ]),

    module(
      "Golden",
      [
        "Decoding", "DecodingPolicies", "Transformers", "Tokenizers", "Checkpoints", "Tensors",
        "Pictures", "JSON", "Platform",
      ]),

    // The editor.
    module("Highlighting", ["RegularExpressions", "Strings"]),
    module(
      "Documents",
      [
        .product(name: "_RopeModule", package: "swift-collections"),
        .product(name: "HeapModule", package: "swift-collections"), "RegularExpressions",
        "Strings",
      ]),
    module("Storage", ["Platform", "CPlatform", "Strings"]),
    module("Spelling", ["CHunspell"]),
    module("Editing", ["Documents", "Highlighting", "Infilling", "DecodingPolicies", "Strings"]),
    module("Rendering", ["Editing", "Documents", "Highlighting", "Infilling", "JSON", "Strings"]),
    module("Recordings", ["Editing", "Infilling", "DecodingPolicies", "JSON", "Strings"]),
    module(
      "Settings",
      [
        "Rendering", "Editing", "Documents", "Highlighting", "DecodingPolicies", "Infilling",
        "RemoteEngines", "Strings", "TOMLKit",
      ]),
    module("Terminals", ["Rendering", "Editing", "CNcurses", "CPlatform", "Strings"]),

    // The server.
    module(
      "Serving",
      [
        "DecodingPolicies", "Infilling", "JSON", "Streaming", "Strings",
        .product(name: "DequeModule", package: "swift-collections"),
      ]),
    module(
      "HTTPServing",
      [
        "Serving", "Platform",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),

    // The programs.
    module(
      "Commands",
      [
        "Documents", "Editing", "Inference", "Infilling", "Platform", "Rendering", "Settings",
        "Tensors",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "palimpsest",
      dependencies: [
        "Commands", "Editing", "Rendering", "Recordings", "Terminals", "Settings", "Spelling",
        "Storage",
        "RemoteEngines", "Networking", "Documents", "Infilling", "DecodingPolicies", "Inference",
        "Decoding", "Transformers",
        "Tokenizers",
        "Checkpoints", "Tensors", "RegularExpressions", "CPlatform", "JSON",
        "Platform", "Strings", "Serving", "HTTPServing",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict, linkerSettings: program),
    module("SyntheticModels", ["Inference", "Decoding", "JSON", "Platform"]),
    .executableTarget(
      name: "palimpsest-dev",
      dependencies: [
        "Commands", "SyntheticModels", "Golden", "Evaluation", "Editing", "Rendering", "Storage",
        "Documents", "Infilling", "DecodingPolicies", "Inference", "Decoding", "Transformers",
        "Tokenizers",
        "Tensors", "CPlatform", "FaultyServer", "JSON", "Platform", "Strings",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict, linkerSettings: program),

    .target(
      name: "AllocationCounter", path: "Tests/AllocationCounter",
      cSettings: [.define("_GNU_SOURCE")]),
    .target(
      name: "FaultyServer",
      dependencies: [
        "JSON",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ], path: "Tests/FaultyServer", swiftSettings: strict),
    .target(
      name: "TestSupport", dependencies: ["AllocationCounter"], path: "Tests/TestSupport",
      swiftSettings: strict),
    tests("TensorsTests", ["Tensors", "TestSupport"]),
    tests("PlatformTests", ["Platform", "CLoading", "TestSupport"]),
    tests("StringsTests", ["Strings"]),
    tests("PicturesTests", ["Pictures", "TestSupport"], exclude: ["Cases", "cases.py"]),
    tests("JSONTests", ["JSON", "Strings"]),
    tests(
      "ServingTests", ["Serving", "DecodingPolicies", "Infilling", "JSON", "TestSupport"]),
    tests(
      "HTTPServingTests",
      [
        "HTTPServing", "Serving", "FaultyServer", "Infilling", "Inference", "SyntheticModels",
        "JSON", "TestSupport",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    tests("StreamingTests", ["Streaming", "JSON", "TestSupport"]),
    tests(
      "RemoteEnginesTests",
      [
        "RemoteEngines", "Infilling", "DecodingPolicies", "Streaming", "JSON", "TestSupport",
      ]),
    tests(
      "EngineFaultTests",
      [
        "FaultyServer", "Networking", "RemoteEngines", "Infilling", "DecodingPolicies",
        "TestSupport",
      ]),
    tests("NetworkingTests", ["Networking", "RemoteEngines", "TestSupport"]),
    tests("CheckpointsTests", ["Checkpoints", "Tensors", "JSON", "Strings", "TestSupport"]),
    tests(
      "TokenizersTests",
      ["Tokenizers", "Checkpoints", "JSON", "Strings", "RegularExpressions", "TestSupport"]),
    .target(
      name: "ModelFixtures",
      dependencies: ["Transformers", "Tensors", "Checkpoints", "JSON", "TestSupport"],
      path: "Tests/ModelFixtures", swiftSettings: strict),
    tests(
      "TransformersTests",
      [
        "Transformers", "Tensors", "Pictures", "Checkpoints", "JSON", "ModelFixtures",
        "TestSupport",
      ]),
    tests(
      "DecodingTests",
      [
        "Decoding", "DecodingPolicies", "Transformers", "Tensors", "Checkpoints", "JSON",
        "ModelFixtures", "TestSupport",
      ]),
    tests(
      "InferenceTests",
      [
        "Inference", "Infilling", "DecodingPolicies", "Decoding", "Transformers", "Tokenizers",
        "Checkpoints",
        "Tensors", "JSON", "Strings", "SyntheticModels", "TestSupport",
      ], exclude: ["Golden"]),
    tests(
      "EvaluationTests",
      [
        "Evaluation", "Inference", "Tokenizers", "Checkpoints", "Tensors", "Documents", "JSON",
        "Strings",
        "SyntheticModels", "TestSupport",
      ], exclude: ["Golden"]),
    tests("GoldenTests", ["Golden", "Tensors", "TestSupport"]),
    tests("DocumentsTests", ["Documents", "TestSupport"], exclude: ["Golden"]),
    tests("StorageTests", ["Storage", "Platform", "TestSupport"]),
    tests("HighlightingTests", ["Highlighting", "TestSupport"]),
    tests("SpellingTests", ["Spelling"]),
    tests(
      "EditingTests",
      ["Editing", "Documents", "Highlighting", "Infilling", "DecodingPolicies", "TestSupport"]),
    tests(
      "RenderingTests",
      ["Rendering", "Editing", "Documents", "Infilling", "DecodingPolicies", "TestSupport"],
      exclude: ["Golden"]),
    tests(
      "SettingsTests",
      [
        "Settings", "Rendering", "Editing", "Documents", "Highlighting", "Infilling",
        "DecodingPolicies", "RemoteEngines", "TestSupport",
      ], exclude: ["Golden"]),
    tests("TerminalsTests", ["Terminals", "Editing", "Rendering", "CPlatform"]),
    tests(
      "ScenarioTests",
      ["Editing", "Rendering", "Documents", "Infilling", "DecodingPolicies", "TestSupport"],
      exclude: ["Scenarios"]),
    tests(
      "CommandsTests",
      [
        "palimpsest", "Commands", "Editing", "Storage", "Platform", "Inference", "Documents",
        "Infilling", "DecodingPolicies", "Recordings", "RemoteEngines", "JSON", "Strings",
        "Settings", "Tensors", "TestSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    tests(
      "EndToEndTests",
      [
        "palimpsest", "palimpsest-dev", "Commands", "FaultyServer", "JSON", "Platform",
        "Storage", "SyntheticModels", "TestSupport",
      ]),
    .target(
      name: "FuzzReaders",
      dependencies: [
        "Checkpoints", "Tokenizers", "Transformers", "Tensors", "Decoding", "DecodingPolicies",
        "Inference", "Infilling", "Pictures",
        "Documents", "Editing", "Highlighting", "Recordings", "Settings", "JSON", "Platform",
      ], path: "Tests/FuzzReaders", swiftSettings: strict),
    tests(
      "FuzzTests",
      ["FuzzReaders", "Checkpoints", "JSON", "Pictures", "Strings", "TestSupport"],
      exclude: ["Cases", "seeds.py"]),
  ]
)

// Its main is libFuzzer's, which only `make fuzz` links.
if Context.environment["PALIMPSEST_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "Fuzz", dependencies: ["FuzzReaders"], path: "Tests/Fuzz", swiftSettings: strict))
}
