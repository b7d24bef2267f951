internal import JSON
internal import Strings
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
      "\(ProcessFacts.processor); \(backend); load \(ProcessFacts.load.fixed(1))",
      "reads \((limits.readBandwidth / 1e9).fixed(1)) GB/s, "
        + "int8 \((limits.int8 / 1e9).fixed(0)) GMAC/s, "
        + "fp32 \((limits.fp32 / 1e9).fixed(0)) GMAC/s at most", "",
      "".leading(44)
        + ["min ms", "median", "p95", "cpu ms", "tok/s", "of int8", "of read"]
        .map { $0.trailing(9) }.joined()
        + (other.isEmpty ? "" : "other".trailing(10) + "ratio".trailing(8)),
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
        "  " + $0.stage.leading(20) + $0.time.fixed(3).trailing(9) + " ms"
          + ($0.time / whole * 100).fixed(1).trailing(7) + " %"
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func line(_ row: BenchRow) -> String {
    let seconds = row.samples.minimum / 1000
    var cells = [
      row.samples.minimum.fixed(2), row.samples.median.fixed(2), row.samples.p95.fixed(2),
      row.samples.processorTime.fixed(2),
      row.tokens > 0 ? (Double(row.tokens) / row.samples.median * 1000).fixed(1) : "",
      row.products > 0 ? percent(row.products / seconds / limits.int8) : "",
      row.bytes > 0 ? percent(row.bytes / seconds / limits.readBandwidth) : "",
    ].map { $0.trailing(9) }
    if let other = other[PeerRows.Key(row)] {
      cells.append(other.fixed(2).trailing(10))
      cells.append((other / row.samples.median).fixed(2).trailing(8))
    }
    return row.title.leading(44) + cells.joined()
  }

  private func percent(_ share: Double) -> String { (share * 100).fixed(0) + " %" }
}
