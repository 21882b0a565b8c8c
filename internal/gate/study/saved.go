package study

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"onelondon/internal/auth"
	"onelondon/internal/cohort"
	"onelondon/internal/cohort/codelist"
	"onelondon/internal/cohort/shelf"
	"onelondon/internal/gate"
)

// Saved is a definition that a project has saved: a version that is never changed, with the digest by which it is cited.
type Saved struct{ shelf.Saved }

// Save puts a definition on the project's shelf, whether or not the project may ask it: a shelf is where those who decide on that read
// it. Only the project's people may, and nothing of it is published before it is asked. The same again is what was saved first.
func (s *Studies) Save(ctx context.Context, caller auth.Caller, project string, definition cohort.Definition) (*Saved, error) {
	q, on, err := s.onShelf(ctx, caller, project)
	if err != nil {
		return nil, err
	}
	used, err := s.fill(q, definition)
	if err != nil {
		return nil, err
	}
	saved, err := on.Save(ctx, shelf.Saved{Definition: *q.asked, Digest: q.digest, Lists: used, By: caller.ID, At: s.parts.Now().UTC()})
	var taken *shelf.Taken
	switch {
	case errors.As(err, &taken) || errors.Is(err, shelf.ErrFull):
		return nil, fmt.Errorf("%w: %w", ErrSaved, err)
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrBook, err)
	}
	return &Saved{*saved}, nil
}

// AllSaved lists what the project has saved, newest first, for its own people.
func (s *Studies) AllSaved(ctx context.Context, caller auth.Caller, project string) ([]Saved, error) {
	_, on, err := s.onShelf(ctx, caller, project)
	if err != nil {
		return nil, err
	}
	found, err := on.All()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBook, err)
	}
	all := make([]Saved, len(found))
	for i := range found {
		all[i] = Saved{found[i]}
	}
	return all, nil
}

// SavedAs is the definition that a citation names, for the project's own people; nil where nothing of it is saved.
func (s *Studies) SavedAs(ctx context.Context, caller auth.Caller, project, cited string) (*Saved, error) {
	_, on, err := s.onShelf(ctx, caller, project)
	if err != nil {
		return nil, err
	}
	citation, err := cohort.ParseCitation(cited)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSaved, err)
	}
	saved, err := on.Find(citation)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrBook, err)
	case saved == nil:
		return nil, nil
	}
	return &Saved{*saved}, nil
}

// StartSaved puts a question that the project has saved, as Start puts one. One whose lists hold other codes now is another question,
// and is not asked under a name that means the former.
func (s *Studies) StartSaved(ctx context.Context, caller auth.Caller, project, cited string) (*Run, error) {
	saved, err := s.SavedAs(ctx, caller, project, cited)
	if err != nil {
		return nil, err
	}
	if saved == nil {
		return nil, fmt.Errorf("%w: the project has saved no %s", ErrSaved, gate.Typed(cited))
	}
	now := question{}
	used, err := s.fill(&now, saved.Definition)
	if err != nil {
		return nil, err
	}
	if now.digest != saved.Digest {
		return nil, fmt.Errorf("%w: %s cannot be asked as it was saved: %s; save it under another version", ErrSaved, gate.Typed(cited), changed(saved.Lists, used))
	}
	return s.Start(ctx, caller, project, saved.Definition)
}

// changed names the lists that hold other codes than they did.
func changed(then, now []codelist.Used) string {
	var names []string
	for i := range then {
		if i >= len(now) || then[i].Digest != now[i].Digest {
			names = append(names, then[i].As)
		}
	}
	if len(names) == 0 {
		return "this server reads it otherwise now"
	}
	return "other codes are registered now in " + strings.Join(names, ", ")
}

// onShelf is the project's shelf, for its own people, and a question of theirs that is still about nothing.
func (s *Studies) onShelf(ctx context.Context, caller auth.Caller, project string) (*question, *shelf.Shelf, error) {
	q, err := s.member(ctx, caller, project, gate.UseStudyShelf)
	if err != nil {
		return nil, nil, err
	}
	on, err := s.shelf(ctx, project)
	return q, on, err
}
