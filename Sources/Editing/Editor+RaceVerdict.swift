internal import Documents
internal import Infilling

// What a race has shown is measured: time by the engine's clock, and how well each lane's text leads
// on to what follows by the model that wrote it, which reads all lanes the same way.

extension Editor {
  /// Asks how well the lanes read as soon as all have come to an end.
  mutating func judgeRace() {
    guard var present = race, present.isOver, !present.isJudged, present.inquiry == nil else {
      return
    }
    let texts = present.ranking.sorted().compactMap { lane -> (lane: Int, text: String)? in
      let fill = present.lanes[lane].fill
      return fill.masksLeft > 0 || fill.text.isEmpty ? nil : (lane, fill.text)
    }
    if texts.count > 1 {
      let inquiry = InquiryID.race(newNumber())
      present.inquiry = inquiry
      present.asked = texts.map(\.lane)
      let request = request(for: present.span, settings: settings.infill)
      emit(.scoreTexts(inquiry, texts.map(\.text), request))
    } else {
      present.isJudged = true
    }
    race = present
  }

  /// Notes how well the lanes read; nothing where the model cannot tell.
  mutating func raceReceived(_ inquiry: InquiryID, _ reply: InquiryReply) {
    guard var present = race, present.inquiry == inquiry else { return }
    if case .scores(let scores) = reply, scores.count == present.asked.count {
      for (lane, score) in zip(present.asked, scores) { present.lanes[lane].score = score }
    }
    present.inquiry = nil
    present.isJudged = true
    race = present
  }
}
