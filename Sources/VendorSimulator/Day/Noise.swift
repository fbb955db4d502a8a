/// Numbers that look random and are a pure function of the seed and of what they are for.
struct Noise: Sendable {
  let seed: UInt64

  /// A number in [0, 1) for these coordinates.
  func unit(_ stream: UInt64, _ first: Int, _ second: Int = 0) -> Double {
    var state = Noise.mix(seed ^ stream)
    state = Noise.mix(state ^ UInt64(truncatingIfNeeded: first))
    state = Noise.mix(state ^ UInt64(truncatingIfNeeded: second))
    return Double(state >> 11) * 0x1p-53
  }

  /// SplitMix64's step and finalizer.
  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A stream's number from its name (FNV-1a), the same in every run.
  static func stream(_ name: String) -> UInt64 {
    name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }
}
