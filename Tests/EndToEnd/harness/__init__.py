"""What the tests share: the exporter's process, scrapes, configurations."""
