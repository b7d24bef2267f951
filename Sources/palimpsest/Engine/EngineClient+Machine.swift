internal import Commands
internal import Platform
internal import RemoteEngines

extension EngineClient {
  /// A client with the keys, certificates and folders of this machine.
  init(_ configuration: EngineConfiguration, over transport: any HTTPTransport) {
    var configuration = configuration
    configuration.authorities =
      configuration.authorities.map(Directories.expandingHome)
      ?? Files.environment("SSL_CERT_FILE")
    self.init(configuration, transport: transport) { try $0.key() }
  }
}

extension KeySource {
  /// The key where it is kept; nil for engines without one. A command may ask for a password only on
  /// its own: it has neither the terminal's input nor its output.
  func key() throws(RemoteError.Reason) -> Secret? {
    switch self {
    case .none: return nil
    case .environment(let name):
      guard let text = Files.environment(name) else { throw .noKey(variable: name) }
      guard let secret = Secret(text) else { throw .badKey }
      return secret
    case .command(let command):
      let result: Subprocess.Result?
      do throws(PlatformError) {
        result = try Subprocess.output(of: "sh", ["-c", command])
      } catch {
        throw .keyCommand("cannot be started: \(error.reason)")
      }
      guard let result else { throw .keyCommand("cannot be started by sh") }
      guard result.status == 0 else { throw .keyCommand("ended with status \(result.status)") }
      let line = result.output.prefix { !$0.isNewline }
      guard let secret = Secret(String(line)) else { throw .badKey }
      return secret
    }
  }
}
