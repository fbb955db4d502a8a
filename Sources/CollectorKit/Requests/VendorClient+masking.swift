import Exposition
import Ledger

extension VendorClient {
  /// A text without the secrets that this client has sent.
  public func masked(_ text: String) -> String {
    sent.mask.masked(text)
  }

  /// A failure without them.
  public func masked(_ error: CollectionError) -> CollectionError {
    VendorClient.masked(error, sent.mask)
  }

  /// A poll's outcome without them: neither labels nor messages hold one.
  public func masked(_ outcome: PollOutcome) -> PollOutcome {
    let mask = sent.mask
    return outcome.mapped(
      values: { values in
        var values = values
        VendorClient.mask(&values.families, mask)
        VendorClient.mask(&values.observations, mask)
        values.skipped = values.skipped.map(mask.masked)
        values.notes = values.notes.map(mask.masked)
        return values
      },
      error: { VendorClient.masked($0, mask) }
    )
  }

  /// A history's values without them.
  public func masked(_ values: HistoryValues) -> HistoryValues {
    let mask = sent.mask
    var values = values
    values.gauges = values.gauges.map { gauges in
      var families = gauges.families
      VendorClient.mask(&families, mask)
      return HistoryValues.Gauges(at: gauges.time, families)
    }
    VendorClient.mask(&values.observations, mask)
    values.skipped = values.skipped.map(mask.masked)
    return values
  }

  private static func masked(_ error: CollectionError, _ mask: SecretMask) -> CollectionError {
    var error = error
    error.message = mask.masked(error.message)
    return error
  }

  private static func mask(_ families: inout [MetricFamily], _ mask: SecretMask) {
    for index in families.indices {
      for place in families[index].samples.indices {
        if let labels = mask.masked(families[index].samples[place].labels) {
          families[index].samples[place].labels = labels
        }
      }
      for place in families[index].histograms.indices {
        if let labels = mask.masked(families[index].histograms[place].labels) {
          families[index].histograms[place].labels = labels
        }
      }
    }
  }

  private static func mask(_ observations: inout [Observation], _ mask: SecretMask) {
    for index in observations.indices {
      if let labels = mask.masked(observations[index].labels) {
        observations[index].labels = labels
      }
    }
  }
}
