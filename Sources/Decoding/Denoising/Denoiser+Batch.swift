/// A predictor that answers the questions of several denoisers in one run of its model.
public protocol BatchPredictor: MaskPredictor {
  /// An answer to each question, what the question's own predictor would say. Throws what the model
  /// throws; the questions may then be asked again.
  static func predict(_ questions: [BatchQuestion<Self>]) throws -> [Prediction]
}

/// What one of several denoisers asks.
public struct BatchQuestion<Predictor: MaskPredictor> {
  public var predictor: Predictor
  public var canvas: Canvas
  public var query: PredictionQuery

  public init(predictor: Predictor, canvas: Canvas, query: PredictionQuery) {
    self.predictor = predictor
    self.canvas = canvas
    self.query = query
  }
}

extension Denoiser where Predictor: BatchPredictor {
  /// The next step of each denoiser, nil for those with nothing left to do. Each takes as long as
  /// all of them. After an error all are as they were.
  public static func next(_ denoisers: inout [Denoiser]) throws -> [Step?] {
    var questions: [Question?] = []
    var asked: [BatchQuestion<Predictor>] = []
    questions.reserveCapacity(denoisers.count)
    asked.reserveCapacity(denoisers.count)
    for denoiser in denoisers {
      let question = denoiser.question()
      questions.append(question)
      guard let query = question?.query else { continue }
      asked.append(
        BatchQuestion(predictor: denoiser.predictor, canvas: denoiser.canvas, query: query))
    }
    let answers = try Predictor.predict(asked)
    var answered = 0
    return denoisers.indices.map { index in
      questions[index].map { question in
        defer { answered += 1 }
        return denoisers[index].take(answers[answered], to: question)
      }
    }
  }
}
