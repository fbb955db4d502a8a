/// Percentages as the vendors give them, 0 to 100.
public enum Percent {
  /// The ratio, 0 to 1, that a percentage stands for.
  ///
  /// The decimal point is moved in the decimal text: 92.3 becomes 0.923, where a division by 100
  /// gives 0.9229999999999999.
  public static func ratio(_ percent: Double) -> Double {
    Double("\(percent)e-2") ?? percent / 100
  }

  /// The number of a percentage as a text, with or without its sign: `10.7%`, `10.7 %`, `10.7`.
  ///
  /// - Returns: nil for anything else, such as a number with separators between its digits.
  public static func number(_ text: String) -> Double? {
    let bare = text.trimmingSpaces()
    return JSONNumber.decimal(
      bare.hasSuffix("%") ? bare.dropLast().description.trimmingSpaces() : bare
    )
  }
}
