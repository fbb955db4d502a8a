print("cx_exporter")
