/// Percentages as the vendors give them, 0 to 100.
public enum Percent {
  /// The ratio, 0 to 1, that a percentage stands for.
  ///
  /// The decimal point is moved in the decimal text: 92.3 becomes 0.923, where a division by 100
  /// gives 0.9229999999999999.
  public static func ratio(_ percent: Double) -> Double {
    Double("\(percent)e-2") ?? percent / 100
  }
}
