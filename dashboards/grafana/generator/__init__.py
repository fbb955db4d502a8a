"""What the dashboards and the Grafana-managed alert rules are made of."""
