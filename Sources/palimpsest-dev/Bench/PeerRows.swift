internal import Commands
internal import JSON
internal import Platform

/// Rows of another program with the output format of `bench --json`.
struct PeerRows {
  struct Key: Hashable {
    var name: String
    var slots: Int
    var context: Int

    init(name: String, slots: Int, context: Int) {
      self.name = name
      self.slots = slots
      self.context = context
    }

    init(_ row: BenchRow) { self.init(name: row.name, slots: row.slots, context: row.context) }
  }

  /// The best median of each row: a program may print several for its settings.
  let medians: [Key: Double]

  /// Runs `command` with the shell and reads the objects it prints, one a line.
  init(command: String, log: String) throws {
    guard let result = try Subprocess.run("/bin/sh", ["-c", command], log: log) else {
      throw CommandFailure("There is no /bin/sh to run \(command) with.")
    }
    guard result.status == 0 else {
      throw CommandFailure("\(command) ended with status \(result.status): \(result.output)")
    }
    var medians: [Key: Double] = [:]
    for line in result.output.split(separator: "\n") where line.hasPrefix("{") {
      let row = try JSONValue.parse(Array(line.utf8), file: command)
      guard let name = row["name"]?.string, let median = row["median_ms"]?.double else { continue }
      let key = Key(
        name: name, slots: row["slots"]?.int ?? 0, context: row["context"]?.int ?? 0)
      medians[key] = min(median, medians[key] ?? .infinity)
    }
    self.medians = medians
  }
}
