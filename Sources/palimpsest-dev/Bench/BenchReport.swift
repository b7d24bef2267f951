internal import JSON
internal import Tensors

/// All that one run of the bench measured.
struct BenchReport {
  var backend: String
  var rows: [BenchRow]
  var limits: MachineLimits
  /// Bytes in use when the model was ready, and the most while it ran.
  var residentReady: Int
  var residentLargest: Int
  var profile: [(stage: String, time: Double)] = []
  /// Medians of another program by row.
  var other: [PeerRows.Key: Double] = [:]

  /// An object a line; the rows first.
  var json: String {
    var objects = rows.map(\.json)
    objects.append([
      "name": "machine", "cpu": .string(ProcessFacts.processor), "backend": .string(backend),
      "read_gb_s": .rounded(limits.readBandwidth / 1e9, 2),
      "int8_gmac_s": .rounded(limits.int8 / 1e9, 1), "fp32_gmac_s": .rounded(limits.fp32 / 1e9, 1),
      "load": .rounded(ProcessFacts.load, 2),
    ])
    objects.append([
      "name": "memory", "ready_mib": .rounded(Double(residentReady) / 1_048_576, 1),
      "largest_mib": .rounded(Double(residentLargest) / 1_048_576, 1),
    ])
    objects += profile.map {
      ["name": "stage", "stage": .string($0.stage), "ms": .rounded($0.time, 3)]
    }
    return objects.map { $0.serialized() + "\n" }.joined()
  }

  var text: String {
    var lines = [
      "\(ProcessFacts.processor); \(backend); load \(decimal(ProcessFacts.load, 1))",
      "reads \(decimal(limits.readBandwidth / 1e9, 1)) GB/s, "
        + "int8 \(decimal(limits.int8 / 1e9, 0)) GMAC/s, "
        + "fp32 \(decimal(limits.fp32 / 1e9, 0)) GMAC/s at most", "",
      left("", 44)
        + ["min ms", "median", "p95", "cpu ms", "tok/s", "of int8", "of read"]
        .map { right($0, 9) }.joined()
        + (other.isEmpty ? "" : right("other", 10) + right("ratio", 8)),
    ]
    lines += rows.map(line)
    lines.append("")
    lines.append(
      "resident memory \(residentReady >> 20) MiB with the model ready, "
        + "\(residentLargest >> 20) MiB at most")
    if !profile.isEmpty {
      let whole = profile.reduce(0) { $0 + $1.time }
      lines += ["", "a step of 32 slots over 256 by stage"]
      lines += profile.map {
        "  " + left($0.stage, 20) + right(decimal($0.time, 3), 9) + " ms"
          + right(decimal($0.time / whole * 100, 1), 7) + " %"
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func line(_ row: BenchRow) -> String {
    let seconds = row.samples.minimum / 1000
    var cells = [
      decimal(row.samples.minimum, 2), decimal(row.samples.median, 2), decimal(row.samples.p95, 2),
      decimal(row.samples.processorTime, 2),
      row.tokens > 0 ? decimal(Double(row.tokens) / row.samples.median * 1000, 1) : "",
      row.products > 0 ? percent(row.products / seconds / limits.int8) : "",
      row.bytes > 0 ? percent(row.bytes / seconds / limits.readBandwidth) : "",
    ].map { right($0, 9) }
    if let other = other[PeerRows.Key(row)] {
      cells.append(right(decimal(other, 2), 10))
      cells.append(right(decimal(other / row.samples.median, 2), 8))
    }
    return left(row.title, 44) + cells.joined()
  }

  private func percent(_ share: Double) -> String { decimal(share * 100, 0) + " %" }
}
