// The target's sources come in their own commits.
