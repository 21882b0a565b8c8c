package study

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"

	"onelondon/internal/cohort"
	"onelondon/internal/cohort/disclosure"
	"onelondon/internal/cohort/engine"
	"onelondon/internal/cohort/shelf"
	"onelondon/internal/embedded"
)

// projectName is how the policy names projects. It is a file's name too.
var projectName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// book is what a project was told.
func (s *Studies) book(ctx context.Context, project string) (*disclosure.Ledger, error) {
	return opened(s, s.books, project, "book", ".db", func(path string, key embedded.Key, log *slog.Logger) (*disclosure.Ledger, error) {
		return disclosure.Open(context.WithoutCancel(ctx), disclosure.Options{Path: path, Key: key, Log: log, Now: s.parts.Now})
	})
}

// shelf is what a project has saved.
func (s *Studies) shelf(ctx context.Context, project string) (*shelf.Shelf, error) {
	return opened(s, s.shelves, project, "shelf", ".shelf.db", func(path string, key embedded.Key, log *slog.Logger) (*shelf.Shelf, error) {
		return shelf.Open(context.WithoutCancel(ctx), shelf.Options{Path: path, Key: key, Log: log})
	})
}

// opened is a project's file, opened under its own key by whoever asks first.
func opened[T any](s *Studies, all map[string]T, project, use, ending string, open func(string, embedded.Key, *slog.Logger) (T, error)) (T, error) {
	s.files.Lock()
	defer s.files.Unlock()
	if file, is := all[project]; is {
		return file, nil
	}
	var none T
	if !projectName.MatchString(project) {
		return none, fmt.Errorf("%w: no project has such a name", ErrBook)
	}
	key, err := s.derived(project, use)
	if err != nil {
		return none, err
	}
	log := s.parts.Log
	if _, err := os.Stat(s.parts.Folder); errors.Is(err, fs.ErrNotExist) {
		log = slog.New(slog.DiscardHandler) // the site's first file is no reason to wonder where it was
	}
	if err := os.MkdirAll(s.parts.Folder, 0o700); err != nil {
		return none, fmt.Errorf("%w: %w", ErrBook, err)
	}
	file, err := open(filepath.Join(s.parts.Folder, project+ending), embedded.Key(key), log)
	if err != nil {
		return none, fmt.Errorf("%w: %w", ErrBook, err)
	}
	all[project] = file
	return file, nil
}

// derived is a key of a project's own, for one use.
func (s *Studies) derived(project, use string) ([32]byte, error) {
	key, err := hkdf.Key(sha256.New, s.parts.Key[:], []byte(project), "onelondon study "+use, 32)
	if err != nil {
		return [32]byte{}, fmt.Errorf("derive a project's key: %w", err)
	}
	return [32]byte(key), nil
}

// tell protects the figures and keeps the answer in the project's book before it is returned, or says why they would tell too
// much beside what the project was told before.
func (s *Studies) tell(
	ctx context.Context, q *question, book *disclosure.Ledger, outcome *engine.Outcome, consented uint64,
) (*cohort.Answer, *Refusal, error) {
	answer := s.draft(ctx, q, outcome, consented) // asks how fresh sources are: not while others wait for the book
	bound := boundOf(q.decision)
	reserved, err := book.Reserve(ctx, disclosure.Question{Definition: q.definition, Digest: q.digest, Counted: &outcome.Counted,
		Known: &outcome.Known, Rules: bound.rules, Basis: bound.basis})
	if err != nil {
		refusal, err := refusedByBook(err)
		return nil, refusal, err
	}
	defer reserved.Cancel()
	if reserved.Earlier != nil {
		return reserved.Earlier, nil, nil
	}
	if err := reserved.Commit(ctx, answer); err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrBook, err)
	}
	return answer, nil, nil
}

// refusedByBook tells a refusal of the project's book from a fault.
func refusedByBook(err error) (*Refusal, error) {
	var refused *disclosure.Refusal
	switch {
	case err == nil:
		return nil, nil
	case errors.As(err, &refused):
		return refusalOf(refused), nil
	case errors.Is(err, disclosure.ErrUnknownPeople):
		return nil, fmt.Errorf("%w: %w", ErrUnsteady, err)
	}
	return nil, fmt.Errorf("%w: %w", ErrBook, err)
}

func refusalOf(refused *disclosure.Refusal) *Refusal {
	return &Refusal{Reasons: []string{refused.Code}, Words: refused.Words}
}
