// Serves families with client_golang's promhttp, as most exporters do.
//
//	promhttp FILE HOST:PORT      serve /metrics
//	promhttp FILE --encode       encode again and again, print MB/s
//
// FILE is JSON: [{"name": …, "help": …, "labels": [name …], "samples": [[[value …], number] …]} …].
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/prometheus/common/expfmt"
)

type sample struct {
	labels []string
	value  float64
}

func (s *sample) UnmarshalJSON(text []byte) error {
	return json.Unmarshal(text, &[]interface{}{&s.labels, &s.value})
}

type family struct {
	Name    string
	Help    string
	Labels  []string
	Samples []sample
}

func main() {
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	var families []family
	if err := json.Unmarshal(text, &families); err != nil {
		log.Fatal(err)
	}
	registry := prometheus.NewRegistry()
	for _, f := range families {
		gauge := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: f.Name, Help: f.Help}, f.Labels)
		registry.MustRegister(gauge)
		for _, s := range f.Samples {
			gauge.WithLabelValues(s.labels...).Set(s.value)
		}
	}
	families, text = nil, nil
	if os.Args[2] == "--encode" {
		encode(registry)
		return
	}
	http.Handle("/metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{EnableOpenMetrics: true}))
	log.Fatal(http.ListenAndServe(os.Args[2], nil))
}

// encode writes gathered families as text for two seconds: the encoder alone.
func encode(registry *prometheus.Registry) {
	gathered, err := registry.Gather()
	if err != nil {
		log.Fatal(err)
	}
	var output bytes.Buffer
	total := 0
	start := time.Now()
	for time.Since(start) < 2*time.Second {
		output.Reset()
		for _, f := range gathered {
			if _, err := expfmt.MetricFamilyToText(&output, f); err != nil {
				log.Fatal(err)
			}
		}
		total += output.Len()
	}
	fmt.Printf("%.1f\n", float64(total)/1e6/time.Since(start).Seconds())
}
