import Testing

/// One after the other: a process that a test starts holds every lock until it runs its program.
@Suite(.serialized) struct StorageTests {}
