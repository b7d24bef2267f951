internal import Decoding
internal import DecodingPolicies
internal import JSON
internal import Pictures
internal import Platform
internal import Tensors
internal import Tokenizers
internal import Transformers

extension CheckRegistry {
  /// Nemotron-Labs-Diffusion-VLM: pictures to pixels, tower and projector, and the kinds of the text
  /// family beside pictures.
  static var pictures: [String: CaseCheck] {
    [
      "image_grid": checkGrid,
      "image_pixels": checkPixels,
      "vision_tower": checkTower,
      "image_prompt": checkPrompt,
      "image_causal_logits": { try beside($0, logits["causal_logits"]) },
      "image_block_bidirectional_logits": {
        try beside($0, logits["block_bidirectional_logits"])
      },
      "image_ar_generate": { try beside($0, blockDecoding["ar_generate"]) },
      "image_linear_spec_generate": { try beside($0, speculation["linear_spec_generate"]) },
      "image_diffusion_generate": { try beside($0, checkOfficial) },
      "image_block_fill": { try beside($0, checkFill) },
    ]
  }

  private static func vision(_ item: GoldenCase) throws -> PictureEncoder {
    // `file` of a case names its picture.
    guard let vision = try item.folder.model().vision else {
      throw GoldenMismatch("no vision tower")
    }
    return vision
  }

  private static func checkGrid(_ item: GoldenCase) throws {
    let cell = try vision(item).configuration.cellSize
    for row in try item["rows"].array?.map(\.ints) ?? [] {
      guard row.count == 6 else { throw GoldenMismatch("a row of \(row.count)") }
      let grid = PictureGrid(
        PictureSize(width: row[0], height: row[1]), longestEdge: row[2], cell: cell)
      try expectEqual([grid.columns, grid.rows, grid.tokens], Array(row[3...]), "\(row)")
    }
  }

  private static func checkPixels(_ item: GoldenCase) throws {
    let name = try item["file"].string ?? ""
    guard let bytes = Files.contents("\(item.folder.path)/\(name)") else {
      throw GoldenMismatch("no file \(name)")
    }
    let picture = try Picture(decoding: bytes, file: name)
    try expectEqual(
      [picture.size.width, picture.size.height],
      [item["width"].int ?? 0, item["height"].int ?? 0], "size")
    let samples = try item.folder.bytes(item["rgb"].string ?? "")
    guard picture.rgb == samples else { throw GoldenMismatch("samples differ from \(name)'s") }
    let cell = try vision(item).configuration.cellSize
    let grid = PictureGrid(
      picture.size, longestEdge: try item["max_image_size"].int ?? 0, cell: cell)
    try expectEqual([grid.columns, grid.rows], item.ints("grid"), "grid")
    let pixels = try PicturePixels(picture, grid: grid, cell: cell)
    try expectClose(pixels.values, item.floats("pixels"), "pixels")
  }

  private static func checkTower(_ item: GoldenCase) throws {
    let vision = try vision(item)
    let patch = vision.configuration.patchSize
    let rows = try item["patch_rows"].int ?? 0
    let columns = try item["patch_columns"].int ?? 0
    let pixels = try item.floats("pixels")
    let run = vision.begin(
      PicturePixels(width: columns * patch, height: rows * patch, values: pixels))
    try expectClose(run.hidden.values(), item.floats("after_ln_pre"), "patches")
    while run.advance() {}
    try expectClose(run.hidden.values(), item.floats("tower"), "tower")
    try expectClose(run.finish().values(), item.floats("projected"), "projected")
  }

  private static func checkPrompt(_ item: GoldenCase) throws {
    let tokenizer = try item.folder.tokenizer()
    guard let tokens = PictureTokens(tokenizer) else {
      throw GoldenMismatch("no tokens of pictures")
    }
    var grids = (try item["grids"].array ?? []).map(\.ints)[...]
    let text = try item["text"].string ?? ""
    let ids = try tokenizer.encode(text, specialTokens: true).flatMap { id -> [Int] in
      guard id == tokens.begin else { return [id] }
      guard let grid = grids.popFirst(), grid.count == 2 else {
        throw GoldenMismatch("no grid of a picture")
      }
      return tokens.block(Array(repeating: tokens.cell, count: grid[0] * grid[1]), columns: grid[0])
    }
    try expectEqual(ids, item.ints("input_ids"), "ids")
  }

  /// Masks of a block between kept tokens, the surest one filled in each pass.
  private static func checkFill(_ item: GoldenCase) throws {
    let model = try DiffusionModel(ForwardModel(item.model()))
    let mask = model.traits.maskToken
    let block = try item.ids("block_ids")
    let predictor = try DiffusionPredictor(
      model, prefix: item.ids("prefix_ids"), suffix: [], options: DiffusionOptions(cache: .prefix))
    let masks = block.count { $0 == mask }
    var denoiser = Denoiser(
      predictor, canvas: canvas(block, mask: mask),
      policy: DenoisingPolicy(unmasking: .quota(.even, steps: masks)), left: [], right: [])
    var passes = 0
    for (index, record) in try (item["steps"].array ?? []).enumerated() {
      let before = denoiser.canvas
      guard let step = try denoiser.next() else { throw GoldenMismatch("ends at step \(index)") }
      try expectConfidences(
        step.predictions.filter { before.slots[$0.slot].content == .masked }, record["conf"],
        base: 0, "step \(index)")
      try expectEqual(step.committed, filled(record, mask: mask), "step \(index) filled")
      try expectEqual(
        step.canvas.ids(mask: mask), record["x_after"]?.ints ?? [], "step \(index) after")
      passes += step.forwardPasses
    }
    guard try denoiser.next() == nil else { throw GoldenMismatch("goes on after the last step") }
    try expectEqual(denoiser.canvas.ids(mask: mask), item.ints("output_ids"), "output ids")
    // That over the prefix is not counted.
    try expectEqual(passes - 1, item["nfe"].int ?? 0, "passes")
  }

  /// Runs `check` on the case with its pictures spliced in.
  private static func beside(_ item: GoldenCase, _ check: CaseCheck?) throws {
    let (spliced, features) = try item.spliced()
    defer { withExtendedLifetime(features) {} }
    guard let check else { throw GoldenMismatch("no check of the text family") }
    try check(spliced)
  }
}

extension GoldenCase {
  /// The case with the ids of its pictures' cells in the place of the tokens that stand for them,
  /// and the features that must stay while it is checked.
  ///
  /// The reference of self-speculation keeps what it accepted with a stop token; generators end there.
  fileprivate func spliced() throws -> (GoldenCase, [PictureFeatures]) {
    let model = try model()
    guard let tokens = PictureTokens(try folder.tokenizer()) else {
      throw GoldenMismatch("no tokens of pictures")
    }
    let width = model.configuration.width
    let features = try (self["images"].array ?? []).compactMap(\.string).map { name in
      let values = try folder.floats("\(name).projected")
      return model.pictures.add(Matrix(rows: values.count / width, columns: width, values))
    }
    guard var object = json.object else { throw GoldenMismatch("the case is no object") }
    for key in ["input_ids", "prefix_ids", "output_ids"] {
      guard var ids = json[key]?.ints else { continue }
      var cells = features.flatMap(\.ids)[...]
      for index in ids.indices where ids[index] == tokens.cell {
        guard let cell = cells.popFirst() else { throw GoldenMismatch("\(key): too many cells") }
        ids[index] = cell
      }
      if key != "output_ids" || ids.contains(tokens.begin) {
        try expectEqual(cells.count, 0, "\(key): cells left")
      }
      if key == "output_ids", let start = json["input_ids"]?.ints.count,
        let stop = parameter("eos_token_id")?.int,
        let end = ids.indices.dropFirst(start).first(where: { ids[$0] == stop })
      {
        ids.removeSubrange((end + 1)...)
      }
      object[key] = .array(ids.map { .integer($0) })
    }
    return (GoldenCase(folder: folder, .object(object), name: name, kind: kind), features)
  }
}
