internal import Documents
public import Editing
internal import Infilling
internal import JSON

/// A recording as a web page with a scrubber. The page is self-contained, and its policy forbids
/// access to the network.
public struct RecordingPage: Sendable {
  private let recording: Recording
  private let theme: Theme

  public init(_ recording: Recording, theme: Theme = .standard) {
    self.recording = recording
    self.theme = theme
  }

  /// The page. Pure. All text of the document is escaped, or is JSON that the script puts into text
  /// nodes.
  public func html() -> String {
    let title = Markup.escaped("Palimpsest rewriting \(recording.name)")
    let count = recording.trajectory.end
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" \
      content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
      <title>\(title)</title>
      <style>
      \(style)</style>
      </head>
      <body>
      <main>
      <p class="text">\(Markup.escaped(recording.before + passage.lead))<span id="passage">\
      \(Markup.escaped(lastText))</span>\(Markup.escaped(passage.tail + recording.after))</p>
      </main>
      <footer>
      <button id="play" type="button">Play</button>
      <input id="step" type="range" min="0" max="\(count)" value="\(count)" aria-label="Step">
      <output id="facts" for="step">step \(count)/\(count)</output>
      <label><input id="original" type="checkbox"> original</label>
      </footer>
      <script type="application/json" id="record">\(data)</script>
      <script>
      \(Self.script)</script>
      </body>
      </html>

      """
  }

  private var passage: (lead: String, original: String, tail: String) { recording.trimmed }

  private var lastText: String {
    var editor = Editor(showing: recording, columns: 80, rows: 24)
    editor.show(step: recording.trajectory.end)
    return editor.passages.first?.text ?? ""
  }

  // MARK: Data

  /// `{"original": …, "steps": [{"runs": [[class, text]…], "ms": …, "passes": …, "rest": …}]}`, the
  /// last with the masks left, or the state of the search.
  private var data: String {
    var editor = Editor(showing: recording, columns: 80, rows: 24)
    let steps = (0...recording.trajectory.end).map { step -> JSONValue in
      editor.show(step: step)
      let runs = (editor.passages.first?.runs ?? []).map { run -> JSONValue in
        [.string(Self.look(of: run.role)), .string(run.text)]
      }
      let recorded = step == 0 ? nil : recording.trajectory.steps[step - 1]
      let milliseconds = recorded.map { $0.milliseconds.isFinite ? Int($0.milliseconds) : 0 } ?? 0
      return [
        "runs": .array(runs), "ms": .integer(milliseconds),
        "passes": .integer(recorded?.forwardPasses ?? 0), "rest": .string(rest(recorded)),
      ]
    }
    let data: JSONValue = ["original": .string(passage.original), "steps": .array(steps)]
    return data.serialized(for: .script)
  }

  private func rest(_ step: Trajectory.Step?) -> String {
    if recording.trajectory.isSearch { return step?.search?.words ?? "" }
    return "\(step?.masksLeft ?? recording.trajectory.canvas.count) masks"
  }

  /// A class of the page's style.
  private static func look(of role: VisualCell.Role) -> String {
    switch role {
    case .mask: "mask"
    case .fresh: "fresh"
    case .draft(let confidence): ["low", "medium", "high"][CellLooks.level(confidence)]
    case .pinned: "pinned"
    default: "settled"
    }
  }

  // MARK: Style and script

  private var style: String {
    let looks: [(String, Role)] = [
      ("mask", .maskMedium), ("fresh", .fresh), ("low", .draftLow), ("medium", .draftMedium),
      ("high", .draftHigh), ("pinned", .pinned), ("settled", .settled),
    ]
    let ground = theme[.text].background?.hexadecimal ?? "#15161a"
    let ink = theme[.text].foreground?.hexadecimal ?? "#d9d5c8"
    var css = """
      body{margin:0;background:\(ground);color:\(ink);font:1.1rem/1.6 Georgia,serif}
      main{max-width:40rem;margin:3rem auto 6rem;padding:0 1rem}
      .text{white-space:pre-wrap;overflow-wrap:anywhere}
      footer{position:fixed;bottom:0;left:0;right:0;display:flex;gap:1rem;padding:.7rem 1rem;\
      align-items:center;font:0.9rem/1 system-ui,sans-serif;\
      background:\(theme[.status].background?.hexadecimal ?? ground)}
      #step{flex:1}

      """
    for (name, role) in looks {
      let style = theme[role]
      var rules = ""
      if let color = style.foreground?.hexadecimal { rules += "color:\(color);" }
      if let color = style.background?.hexadecimal { rules += "background:\(color);" }
      if style.attributes.contains(.bold) { rules += "font-weight:bold;" }
      if style.attributes.contains(.underline) { rules += "text-decoration:underline;" }
      if name == "mask" { rules += "letter-spacing:-.05em;" }
      css += ".\(name){\(rules)}\n"
    }
    return css
  }

  private static let script = """
    const record = JSON.parse(document.getElementById("record").textContent);
    const [passage, bar, facts, play, original] =
      ["passage", "step", "facts", "play", "original"].map(id => document.getElementById(id));
    let timer = null;
    function show() {
      const step = record.steps[+bar.value];
      const spans = original.checked ? [["settled", record.original]] : step.runs;
      passage.replaceChildren(...spans.map(([look, text]) => {
        const span = document.createElement("span");
        span.className = look;
        span.textContent = text;
        return span;
      }));
      facts.textContent = [`step ${bar.value}/${record.steps.length - 1}`, `${step.ms} ms`,
        `${step.passes} passes`, step.rest].filter(part => part).join(" · ");
    }
    function stop() { clearTimeout(timer); timer = null; play.textContent = "Play"; }
    function tick() {
      if (+bar.value >= record.steps.length - 1) return stop();
      bar.value = +bar.value + 1;
      show();
      timer = setTimeout(tick, Math.max(120, Math.min(1500, record.steps[+bar.value].ms)));
    }
    function start() {
      if (+bar.value >= record.steps.length - 1) bar.value = 0;
      play.textContent = "Pause";
      show();
      timer = setTimeout(tick, 600);
    }
    bar.addEventListener("input", () => { stop(); show(); });
    original.addEventListener("change", show);
    play.addEventListener("click", () => timer === null ? start() : stop());
    show();
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) { bar.value = 0; start(); }

    """
}
