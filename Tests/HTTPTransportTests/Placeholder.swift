// The target's tests come in their own commits.
