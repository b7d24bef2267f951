import Editing
import RemoteEngines
import Settings
import Testing

struct EngineSettingsTests {
  private func read(_ text: String) throws -> Loaded<Configuration> {
    try Configuration.parse(text, file: "config.toml")
  }

  @Test func anEngineHasTheDefaultsOfItsKind() throws {
    let loaded = try read(
      "[engine.m]\nkind = \"mercury-chat\"\n[engine.l]\nkind = \"llama-infill\"")
    #expect(loaded.warnings.isEmpty)
    let engines = loaded.value.engines
    #expect(engines.map(\.name) == ["l", "m"])
    #expect(engines[1].model == "mercury-2")
    #expect(engines[1].key == .environment("INCEPTION_API_KEY"))
    #expect(engines[0].key == .none)
    #expect(
      loaded.value.editor.engines.map(\.place) == ["localhost:8080", "api.inceptionlabs.ai"])
    #expect(loaded.value.engine == nil)
  }

  @Test func everySettingIsRead() throws {
    let loaded = try read(
      """
      [infill]
      engine = "box"
      [remote]
      never = ["~/private/*"]
      [engine.box]
      kind = "vllm-canvas"
      base = "https://box:8000/v"
      model = "x"
      key-command = "pass show box"
      before = 10
      after = 20
      fallback = false
      ca-file = "~/box.pem"
      judge = "server"
      connect-milliseconds = 1
      answer-milliseconds = 2
      silence-milliseconds = 3
      total-milliseconds = 4
      patience-milliseconds = 5
      canvas = 32
      mask = 100
      close = 7
      padding = 8
      vocabulary = 1000
      """)
    #expect(loaded.warnings.isEmpty)
    let engine = try #require(loaded.value.engines.first)
    #expect(engine.address.address(of: "/a") == "https://box:8000/v/a")
    #expect(engine.key == .command("pass show box"))
    #expect((engine.before, engine.after) == (10, 20))
    #expect(!engine.fallsBack)
    #expect(engine.authorities == "~/box.pem")
    #expect(engine.judge == .server)
    #expect(engine.deadlines == Deadlines(connect: 1, answer: 2, silence: 3, total: 4))
    #expect(engine.patience == 5)
    #expect(engine.canvas.mask == 100)
    #expect(engine.canvas.banned == [7, 8, 100])
    #expect(loaded.value.engine == "box")
    #expect(loaded.value.neverRemote == ["~/private/*"])
  }

  @Test(arguments: [
    ("[engine.x]", "1:1: engine.x: expected kind, one of"),
    ("[engine.x]\nkind = \"y\"", "2:1: engine.x.kind: expected kind, one of"),
    (
      "[engine.x]\nkind = \"ollama\"\nmodel = \"m\"\nbase = \"http://me:pw@h\"",
      "4:1: engine.x.base: expected https://HOST"
    ),
    ("[engine.x]\nkind = \"ollama\"", "1:1: engine.x: expected model, found none"),
    ("[engine.local]\nkind = \"unsloth\"", "1:1: engine.local: expected another name"),
    ("[infill]\nengine = \"x\"", "2:1: infill.engine: expected local, or NAME"),
    (
      "[engine.x]\nkind = \"unsloth\"\nkey = \"sk-secret\"",
      "3:1: engine.x.key: expected key-env or key-command"
    ),
    ("[engine.x]\nkind = \"unsloth\"\njudge = \"me\"", "3:1: engine.x.judge: expected local or"),
    ("[engine.x]\nkind = \"unsloth\"\nfoo = 1", "3:1: engine.x.foo: expected a known key"),
  ])
  func faultsAreReportedWithTheirPlace(_ text: String, _ warning: String) throws {
    let warnings = try read(text).warnings.map(\.description)
    #expect(warnings.count == 1, "\(warnings)")
    #expect(warnings.first?.hasPrefix("config.toml:" + warning) == true, "\(warnings)")
    #expect(!warnings.joined().contains("secret"))
    #expect(!warnings.joined().contains("pw"))
  }
}
