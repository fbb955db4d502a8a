/// The text of a histogram bucket's upper bound, as it stands in the label `le`.
///
/// Label values are opaque to Prometheus, so one number must always have the same text. OpenMetrics
/// 1.0.0, "Canonical Numbers", asks for Go's `%g` with `.0` behind whole numbers; the text format has
/// the same without the `.0`.
struct BucketBound {
  /// The value of `le`, which needs no escaping.
  let text: [UInt8]

  /// The bound's text in the given format.
  init(_ bound: Double, format: ExpositionFormat) {
    var text: [UInt8] = []
    if bound.isNaN {
      text.append("NaN")
    } else if bound.isInfinite {
      text.append(bound < 0 ? "-Inf" : "+Inf")
    } else {
      if bound < 0 { text.append(UInt8(ascii: "-")) }
      ShortestDecimal(bound.magnitude).append(
        to: &text,
        wholeNumbersWithFraction: format == .openMetrics
      )
    }
    self.text = text
  }
}

/// The shortest decimal that reads back as the same `Double`.
///
/// Its value is the digits behind `0.`, times ten to the power of `point`.
private struct ShortestDecimal {
  /// ASCII digits without zeros at either end; empty for zero.
  private var digits: [UInt8] = []
  /// How many digits stand before the decimal point; not positive for small numbers.
  private var point = 0

  /// Takes apart what Swift prints: `0.25`, `100000.0`, `1.5e-07` or `1e+16`.
  init(_ magnitude: Double) {
    var seenPoint = false
    var exponent: Int?
    var exponentIsNegative = false
    for byte in magnitude.description.utf8 {
      switch byte {
      case UInt8(ascii: "."):
        seenPoint = true
      case UInt8(ascii: "e"):
        exponent = 0
      case UInt8(ascii: "-"):
        exponentIsNegative = true
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        if let value = exponent {
          exponent = value * 10 + Int(byte - UInt8(ascii: "0"))
        } else {
          digits.append(byte)
          if !seenPoint { point += 1 }
        }
      default:
        break
      }
    }
    if let exponent { point += exponentIsNegative ? -exponent : exponent }
    let zeros = digits.prefix { $0 == UInt8(ascii: "0") }.count
    digits.removeFirst(zeros)
    point -= zeros
    while digits.last == UInt8(ascii: "0") { digits.removeLast() }
    if digits.isEmpty { point = 1 }
  }

  /// Appends the number as Go's `strconv.FormatFloat(f, 'g', -1, 64)` would.
  func append(to text: inout [UInt8], wholeNumbersWithFraction: Bool) {
    let exponent = point - 1
    if exponent < -4 || exponent >= 6 {
      appendScientific(exponent, to: &text)
      return
    }
    let zero = UInt8(ascii: "0")
    if point <= 0 {
      text.append("0.")
      text.append(contentsOf: repeatElement(zero, count: -point))
      text.append(contentsOf: digits)
    } else {
      text.append(contentsOf: digits.prefix(point))
      text.append(contentsOf: repeatElement(zero, count: max(0, point - digits.count)))
      if digits.count > point {
        text.append(UInt8(ascii: "."))
        text.append(contentsOf: digits.dropFirst(point))
      } else if wholeNumbersWithFraction {
        text.append(".0")
      }
    }
  }

  private func appendScientific(_ exponent: Int, to text: inout [UInt8]) {
    text.append(contentsOf: digits.prefix(1))
    if digits.count > 1 {
      text.append(UInt8(ascii: "."))
      text.append(contentsOf: digits.dropFirst())
    }
    text.append(exponent < 0 ? "e-" : "e+")
    if abs(exponent) < 10 { text.append(UInt8(ascii: "0")) }
    text.append(String(abs(exponent)))
  }
}
