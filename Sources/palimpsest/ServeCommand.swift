internal import ArgumentParser
internal import Commands
internal import Glibc
internal import HTTPServing
internal import Inference
internal import Platform
internal import Serving
internal import Strings

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Fill passages for other programs, over HTTP.",
    discussion: """
      Listens on 127.0.0.1:8012, where llama.vim and its kin look for a server, until it gets SIGINT \
      (Ctrl-C) or SIGTERM. It then finishes what runs, for at most --grace seconds; a second signal \
      ends it at once.

      POST /v1/completions takes "prompt" and "suffix", the text before and after the passage: each \
      a string, or arrays of several passages. "n" asks for several tries. Of OpenAI's members it \
      takes "model", "max_tokens" (64), "temperature", "seed" (0), "stop", "stream", \
      "stream_options" and "logprobs"; beside these "original" (the old text of the passage, which \
      gives its length and form), "quality" (1 to 5), "t_max_predict_ms", "slots" (the length to \
      aim for), "mode" (diffusion, ar, self-spec) and "instruction". Members that it has no use \
      for are named in "warning". The same request gets the same text.

      With "stream" each step is an event with "type":"diffusion_frame", "step", "text" (the canvas, \
      ░ for a mask) and "cells" (text and confidence of each slot, null for a mask), unless \
      "diffusing" is false; then the text comes, then [DONE].

      POST /infill takes llama.cpp's members: "input_prefix", "input_suffix", "input_extra", \
      "prompt", "n_predict", "stream", "response_fields", and those above; it shows steps if \
      "diffusing" is true. GET /v1/models, /health and /metrics (Prometheus) describe the server.

      A request counts against limits: 1 MiB, 16 spans (passages times tries), 512 tokens a span, \
      --deadline. Spans beyond --running wait; requests take turns. A client that hangs up ends \
      its request. Errors are OpenAI's: "error" with "message", "type", "param" and "code".

      Any address but loopback needs a token, in the variable PALIMPSEST_TOKEN or a file; clients \
      send it as "Authorization: Bearer TOKEN". There is no TLS: reach another machine through ssh, \
      or put a proxy with TLS before the server.

      Examples:
        palimpsest serve
        curl localhost:8012/v1/completions -d \
      '{"prompt": "Dear Clara, ", "suffix": " Yours, M."}'
        palimpsest serve --host 0.0.0.0 --token-file ~/.config/palimpsest/token

      Exit codes: 0 ended by a signal; 1 failure, explained on standard error; 64 invalid command \
      line.
      """)

  static let tokenVariable = "PALIMPSEST_TOKEN"

  @Option(help: ArgumentHelp("The address or name to listen on.", valueName: "host"))
  var host = "127.0.0.1"

  @Option(help: ArgumentHelp("The port; 0 takes a free one.", valueName: "n"))
  var port = 8012

  @Option(
    help: ArgumentHelp(
      "A file with the token that requests have to show. (default: the variable \(tokenVariable))",
      valueName: "file"))
  var tokenFile: String?

  @Option(help: ArgumentHelp("Spans that are filled at a time.", valueName: "n"))
  var running = ServiceLimits().running

  @Option(help: ArgumentHelp("Spans that may wait for their turn.", valueName: "n"))
  var waiting = ServiceLimits().waiting

  @Option(help: ArgumentHelp("Seconds that a request may take.", valueName: "s"))
  var deadline = ServiceLimits().deadline

  @Option(help: ArgumentHelp("Seconds to finish what runs, after a signal.", valueName: "s"))
  var grace = 10

  @OptionGroup(title: "Model") var model: ModelOptions

  func validate() throws {
    for (name, value, range) in [
      ("port", port, 0...65535), ("running", running, 1...64), ("waiting", waiting, 0...10_000),
      ("deadline", deadline, 1...3600), ("grace", grace, 0...3600),
    ] where !range.contains(value) {
      throw ValidationError(
        "--\(name) \(value) is not in \(range.lowerBound)...\(range.upperBound).")
    }
  }

  func run() async throws {
    if let fault = model.source.fault { throw CommandFailure(fault) }
    let token = try token()
    let address: HTTPServer.Address
    do {
      address = try HTTPServer.Address(host: host, port: port)
    } catch {
      throw CommandFailure("\(error)")
    }
    guard token != nil || address.isLoopback else {
      throw CommandFailure(
        """
        Other machines can reach \(address): set a token, in the variable \(Self.tokenVariable) or \
        with --token-file, or listen on 127.0.0.1 and reach it through ssh.
        """)
    }
    var limits = ServiceLimits()
    (limits.running, limits.waiting, limits.deadline) = (running, waiting, deadline)
    let service = FillService(
      try model.infiller(), limits: limits, access: Access(token: token), started: time(nil),
      gauges: ProcessFigures.gauges, onFailure: { Console.error("\($0)\n") })
    let run = ServerRun(service, grace: grace)
    let signals = try EndingSignals { run.end() }
    defer { signals.end() }
    try await run.run(at: address)
  }

  /// The token of the file or the variable; nil where none is given.
  private func token() throws(CommandFailure) -> String? {
    let (text, place): (String, String)
    if let tokenFile {
      do throws(PlatformError) {
        text = String(decoding: try Files.read(tokenFile, upTo: 4096), as: UTF8.self)
      } catch {
        throw CommandFailure("--token-file: \(error)")
      }
      place = tokenFile
    } else if let value = Files.environment(Self.tokenVariable) {
      (text, place) = (value, Self.tokenVariable)
    } else {
      return nil
    }
    var token = text[...]
    while token.last?.isNewline == true { token.removeLast() }
    guard (16...1024).contains(token.utf8.count), token.utf8.allSatisfy({ 0x21...0x7E ~= $0 })
    else {
      throw CommandFailure(
        """
        \(place): expected a token of 16 to 1024 visible ASCII characters. Make one with \
        `openssl rand -hex 32`.
        """)
    }
    return String(token)
  }
}
