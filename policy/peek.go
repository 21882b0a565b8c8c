package policy

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"path"
)

// UnverifiedRevision reads the revision of a bundle without verifying the signature. It is for display, never for a
// decision.
func UnverifiedRevision(content []byte) (string, error) {
	if err := checkLayout(content); err != nil {
		return "", fmt.Errorf("read bundle: %w", err)
	}
	unzipped, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return "", fmt.Errorf("read bundle: %w", err)
	}
	archive := tar.NewReader(unzipped)
	for {
		header, err := archive.Next()
		if err != nil {
			return "", fmt.Errorf("read bundle: %w", err)
		}
		if path.Clean("/"+header.Name) != "/"+manifestFile {
			continue
		}
		var manifest struct {
			Revision string `json:"revision"`
		}
		if err := json.NewDecoder(io.LimitReader(archive, 1<<20)).Decode(&manifest); err != nil {
			return "", &Fault{File: manifestFile, Message: "is not JSON", Advice: buildAdvice}
		}
		_, err = ParseRevision(manifest.Revision)
		return manifest.Revision, err
	}
}
