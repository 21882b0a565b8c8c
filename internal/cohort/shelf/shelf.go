package shelf

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"onelondon/internal/cohort"
	"onelondon/internal/cohort/codelist"
	"onelondon/internal/embedded"
)

// purpose is what the log is for, so that no other log is taken for one.
const purpose = "definitions"

// most is how many definitions a project may save.
const most = 1000

// ErrFull reports a project that has saved as many definitions as it may.
var ErrFull = fmt.Errorf("the project has saved %d definitions, which is as many as it may", most)

// Taken reports a version that was saved before and says something else.
type Taken struct {
	Cited cohort.Citation
	Next  int // the first version of the name that is free
}

// Error says which version is taken and which is free.
func (t *Taken) Error() string {
	return fmt.Sprintf("%s is saved and says something else, or its lists held other codes; the next free version is %d", t.Cited, t.Next)
}

// Saved is a definition on the shelf.
type Saved struct {
	Definition cohort.Definition `json:"definition"`
	Digest     string            `json:"digest"` // of the definition with the codes of its lists
	Lists      []codelist.Used   `json:"lists,omitempty"`
	By         string            `json:"by"` // the identifier of who saved it
	At         time.Time         `json:"at"`
}

// Options say which project's shelf to open.
type Options struct {
	Path string       // of its file, which is made where there is none
	Key  embedded.Key // of this project's shelf and of nothing else
	Log  *slog.Logger
}

// Shelf is the definitions of one project. It is safe for concurrent use, and for one process.
type Shelf struct {
	log    *embedded.Log
	saving sync.Mutex // one at a time decides whether a version is free
	memory memory
}

// Open opens a project's shelf and proves it whole: one that was changed, cut or put together is [embedded.ErrBroken].
func Open(ctx context.Context, options Options) (*Shelf, error) {
	s := &Shelf{}
	opened, err := embedded.Open(ctx, embedded.Options{Path: options.Path, Purpose: purpose, Key: options.Key, Log: options.Log, Follower: &s.memory})
	if err != nil {
		return nil, fmt.Errorf("open the shelf of a project: %w", err)
	}
	s.log = opened
	return s, nil
}

// Close lets go of the file.
func (s *Shelf) Close() error { return s.log.Close() }

// Save puts a definition on the shelf and returns once it is on the disk. One that is there already is returned as it was saved; a
// version that says something else is [*Taken].
func (s *Shelf) Save(ctx context.Context, saved Saved) (*Saved, error) {
	s.saving.Lock()
	defer s.saving.Unlock()
	all, err := s.All()
	if err != nil {
		return nil, err
	}
	cited, next := saved.Definition.Cite(), 1
	for i := range all {
		each := &all[i]
		if each.Definition.Name == cited.Name {
			next = max(next, each.Definition.Version+1)
		}
	}
	if at := slices.IndexFunc(all, func(of Saved) bool { return cited.Cites(&of.Definition, of.Digest) }); at >= 0 {
		if all[at].Digest != saved.Digest {
			return nil, &Taken{cited, next}
		}
		return &all[at], nil
	}
	if len(all) >= most {
		return nil, ErrFull
	}
	body, err := json.Marshal(&saved)
	if err != nil {
		return nil, fmt.Errorf("write a definition: %w", err)
	}
	if _, err := s.log.Append(context.WithoutCancel(ctx), embedded.Item{Body: body}); err != nil {
		return nil, fmt.Errorf("save a definition: %w", err)
	}
	return &saved, nil
}

// All lists what is saved, newest first.
func (s *Shelf) All() ([]Saved, error) {
	all, err := s.memory.all()
	slices.Reverse(all)
	return all, err
}

// Find returns what a citation means; nil where nothing of it is saved.
func (s *Shelf) Find(cited cohort.Citation) (*Saved, error) {
	all, err := s.All()
	at := slices.IndexFunc(all, func(of Saved) bool { return cited.Cites(&of.Definition, of.Digest) })
	if err != nil || at < 0 {
		return nil, err
	}
	return &all[at], nil
}

// memory is what is on the shelf. It follows the log.
type memory struct {
	mu    sync.Mutex
	saved []Saved
	lost  error // the log may hold more than this
}

var _ embedded.Follower = (*memory)(nil)

// Committed takes in what is on the disk.
func (m *memory) Committed(rows []embedded.Row) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, row := range rows {
		var saved Saved
		if err := json.Unmarshal(row.Body, &saved); err != nil {
			return fmt.Errorf("read a saved definition: %w", err)
		}
		m.saved = append(m.saved, saved)
	}
	return nil
}

// Lost says that the log may hold more.
func (m *memory) Lost(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.lost = errors.Join(errors.New("the shelf of the project is out of sight"), err)
}

// Found says that everything was seen.
func (m *memory) Found() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.lost = nil
}

func (m *memory) all() ([]Saved, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.saved), m.lost
}
