// Fakes come in their own commits.
