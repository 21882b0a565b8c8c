package web

import (
	"compress/gzip"
	"embed"
	"io"
	"net"
	"net/http"
	"path"
	"strings"
)

//go:embed dist
var dist embed.FS

// policy lets the page load and ask nothing but this server. The editor writes styles into the page.
const policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
	"font-src 'self' data:; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Options change what the console offers.
type Options struct {
	// Demo is JSON that offers the demo's callers with their tokens, a question and its variables. It is given only to
	// whoever names the server by a loopback address, so that no page elsewhere can have itself resolved to it. Nil offers
	// nothing.
	Demo []byte
}

// Handler serves the page at / and its files below /console/.
func Handler(options Options) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { serve(w, r, "index.html") })
	mux.HandleFunc("GET /console/{file}", func(w http.ResponseWriter, r *http.Request) { serve(w, r, r.PathValue("file")) })
	mux.HandleFunc("GET /console/demo.json", func(w http.ResponseWriter, r *http.Request) {
		if options.Demo == nil || !loopback(r.Host) {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write(options.Demo)
	})
	return mux
}

func loopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	address := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || address != nil && address.IsLoopback()
}

// serve sends one file as it is kept, compressed, to every client that takes it so.
func serve(w http.ResponseWriter, r *http.Request, name string) {
	file, err := dist.Open("dist/" + name + ".gz")
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer func() { _ = file.Close() }()
	header := w.Header()
	header.Set("Content-Type", contentType(name))
	header.Set("Content-Security-Policy", policy)
	header.Set("Cache-Control", "no-cache")
	header.Set("Vary", "Accept-Encoding")
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		header.Set("Content-Encoding", "gzip")
		_, _ = io.Copy(w, file)
		return
	}
	plain, err := gzip.NewReader(file)
	if err != nil {
		http.Error(w, "the console is damaged", http.StatusInternalServerError)
		return
	}
	_, _ = io.Copy(w, plain)
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".ttf":
		return "font/ttf"
	}
	return "application/octet-stream"
}
