package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"
)

// chart is the question that the demo asks.
const chart = `query Chart($nhsNumber: NHSNumber!) {
  patient(nhsNumber: $nhsNumber) {
    demographics { givenName familyName birthDate address postcode telephone }
    allergies(first: 3) { ...Sources conflicts { message } nodes { date code { code display text } status provenance { source } } }
    conditions(first: 6) { ...More nodes { date code { code display text } status provenance { source } } }
    medications(first: 4) { nodes { date code { code display text } status provenance { source } contributors { provenance { source } } } }
    observations(first: 3) { nodes { date code { code display text } value unit provenance { source } } }
    encounters(first: 3) { nodes { date class code { code display text } reason provenance { source } } }
    appointments(first: 3) { nodes { date service location status provenance { source } } }
    contacts(first: 2) { nodes { name relationship telephone provenance { source } } }
    alerts(first: 2) { nodes { date code { code display text } provenance { source } } }
    sources { name outcome }
    receipt { purpose relationship reasons withheldKinds policyRevision consentRevision ledgerSequence }
  }
}

# How every source that should have answered did.
fragment Sources on AllergyIntoleranceConnection { sources { name outcome records milliseconds } }

# Where the next page begins.
fragment More on ConditionConnection { pageInfo { hasNextPage endCursor } }
`

// answer is an answer and how long it took.
type answer struct {
	who     *caller
	elapsed time.Duration
	patient *patient
}

// patient is the part of an answer that is shown.
type patient struct {
	Demographics map[string]string `json:"demographics"`
	Allergies    list              `json:"allergies"`
	Conditions   list              `json:"conditions"`
	Medications  list              `json:"medications"`
	Observations list              `json:"observations"`
	Encounters   list              `json:"encounters"`
	Appointments list              `json:"appointments"`
	Contacts     list              `json:"contacts"`
	Alerts       list              `json:"alerts"`
	Receipt      struct {
		Purpose        string   `json:"purpose"`
		Relationship   string   `json:"relationship"`
		Reasons        []string `json:"reasons"`
		WithheldKinds  []string `json:"withheldKinds"`
		LedgerSequence int      `json:"ledgerSequence"`
	} `json:"receipt"`
	Sources []struct {
		Name    string `json:"name"`
		Outcome string `json:"outcome"`
	} `json:"sources"`
}

type list struct {
	Nodes     []map[string]any `json:"nodes"`
	Conflicts []struct {
		Message string `json:"message"`
	} `json:"conflicts"`
}

// ask sends the question over HTTP, as any client would. It asks twice and times the second, since the first opens
// files.
func ask(ctx context.Context, url string, who *caller, nhsNumber string) (answer, error) {
	var last answer
	for range 2 {
		began := time.Now()
		told, err := post(ctx, url, who, nhsNumber)
		if err != nil {
			return answer{}, err
		}
		last = answer{who: who, elapsed: time.Since(began), patient: told}
	}
	return last, nil
}

func post(ctx context.Context, url string, who *caller, nhsNumber string) (*patient, error) {
	var told struct{ Patient *patient }
	if err := send(ctx, url, who, chart, map[string]any{"nhsNumber": nhsNumber}, &told); err != nil {
		return nil, err
	}
	if told.Patient == nil {
		return nil, errors.New("nobody is shown")
	}
	return told.Patient, nil
}

// send sends a document over HTTP and decodes the data of the answer into told.
func send(ctx context.Context, url string, who *caller, document string, variables map[string]any, told any) error {
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/graphql", bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/graphql-response+json")
	request.Header.Set("Authorization", "Bearer "+who.token)
	request.Header.Set("X-Purpose-Of-Use", who.Purpose)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	read, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	answer := struct {
		Errors []struct{ Message string }
		Data   any
	}{Data: told}
	if err := json.Unmarshal(read, &answer); err != nil {
		return fmt.Errorf("the server answers %d and no JSON", response.StatusCode)
	}
	if len(answer.Errors) > 0 {
		return fmt.Errorf("the server answers %d: %s", response.StatusCode, answer.Errors[0].Message)
	}
	return nil
}

// awaitReady waits until every source has been listed.
func awaitReady(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/readyz", nil)
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return fmt.Errorf("wait for the server: %w", err)
		}
		_ = response.Body.Close()
		if response.StatusCode == http.StatusOK {
			return nil
		}
		select {
		case <-time.After(10 * time.Millisecond):
		case <-ctx.Done():
			return fmt.Errorf("wait for the server: %w", ctx.Err())
		}
	}
}

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }
