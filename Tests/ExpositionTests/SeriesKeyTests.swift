import Exposition
import Testing

@Suite struct SeriesKeyTests {
  @Test(
    arguments: [
      ([:], [:]),
      (["a": "1", "b": "2"], ["b": "2", "a": "1"]),
      (["a": "1", "b": ""], ["a": "1"]),
      (["a": "", "b": ""], [:]),
      (["b": "", "a": "1", "c": "3"], ["c": "3", "d": "", "a": "1"]),
    ] as [(LabelSet, LabelSet)]
  )
  func same(_ left: LabelSet, _ right: LabelSet) {
    #expect(SeriesKey(left) == SeriesKey(right))
    #expect(SeriesKey(left).hashValue == SeriesKey(right).hashValue)
  }

  @Test(
    arguments: [
      (["a": "1"], [:]),
      (["a": "1"], ["a": "2"]),
      (["a": "1"], ["b": "1"]),
      (["a": "1", "b": "2"], ["a": "2", "b": "1"]),
      (["a": "1", "b": "2"], ["a": "1", "b": "2", "c": "3"]),
      (["a": "1", "b": ""], ["a": "", "b": "1"]),
      (["a": "1", "a": "1", "b": "2"], ["a": "1", "b": "2", "b": "2"]),
    ] as [(LabelSet, LabelSet)]
  )
  func different(_ left: LabelSet, _ right: LabelSet) {
    #expect(SeriesKey(left) != SeriesKey(right))
    #expect(SeriesKey(right) != SeriesKey(left))
  }
}
