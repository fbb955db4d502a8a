import Exposition
import FoundationEssentials

/// Encodes families as text again and again and prints MB/s: `EncodeBenchmark FILE`.
///
/// The file is as for `promhttp/main.go`.
@main
struct EncodeBenchmark {
  static func main() throws {
    guard let path = CommandLine.arguments.dropFirst().first else {
      fatalError("usage: EncodeBenchmark FILE")
    }
    let data = try Data(contentsOf: URL(filePath: path))
    let families = try JSONDecoder().decode([Family].self, from: data).map(\.family)
    let encoder = ExpositionEncoder(format: .text)
    let clock = ContinuousClock()
    let start = clock.now
    var total = 0
    while clock.now - start < .seconds(2) {
      // As for a scrape: a new buffer each time.
      var output: [UInt8] = []
      encoder.encode(families, into: &output)
      encoder.encodeEnd(into: &output)
      total += output.count
    }
    let seconds = (clock.now - start) / .seconds(1)
    print((Double(total) / 1e5 / seconds).rounded() / 10)
  }
}

/// A family of gauges in the file.
private struct Family: Decodable {
  let name: String
  let help: String
  let labels: [String]
  let samples: [Series]

  var family: MetricFamily {
    MetricFamily(
      name: name,
      type: .gauge,
      help: help,
      samples: samples.map { series in
        let pairs = zip(labels, series.values).map { Label(name: $0, value: $1) }
        return Sample(labels: LabelSet(pairs), value: series.number)
      }
    )
  }
}

/// A series in the file: the labels' values and the number.
private struct Series: Decodable {
  let values: [String]
  let number: Double

  init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    values = try container.decode([String].self)
    number = try container.decode(Double.self)
  }
}
