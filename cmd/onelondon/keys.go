package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

// mostKeys is the maximum size of an issuer's key set, in bytes.
const mostKeys = 1 << 20

// keysOf returns a function that reads the issuer's keys from a file or an https URL.
func keysOf(place string) func(context.Context) ([]byte, error) {
	if !strings.HasPrefix(place, "https://") {
		return func(context.Context) ([]byte, error) { return os.ReadFile(place) }
	}
	client := &http.Client{Timeout: 10 * time.Second, CheckRedirect: func(request *http.Request, _ []*http.Request) error {
		if request.URL.Scheme != "https" {
			return errors.New("redirected to a place that is not https")
		}
		return nil
	}}
	return func(ctx context.Context) ([]byte, error) { return fetchKeys(ctx, client, place) }
}

func fetchKeys(ctx context.Context, client *http.Client, place string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, place, nil)
	if err != nil {
		return nil, fmt.Errorf("fetch keys: %w", err)
	}
	answer, err := client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("fetch keys: %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("fetch keys: the issuer answers %d", answer.StatusCode)
	}
	return io.ReadAll(io.LimitReader(answer.Body, mostKeys))
}
