package shelf_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/cohort"
	"onelondon/internal/cohort/codelist"
	"onelondon/internal/cohort/shelf"
	"onelondon/internal/embedded"
)

func open(t *testing.T, path string) *shelf.Shelf {
	t.Helper()
	opened, err := shelf.Open(t.Context(), shelf.Options{Path: path, Key: embedded.Key{1}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = opened.Close() })
	return opened
}

// definition is everybody, by sex.
func definition(t *testing.T, name string, version int) shelf.Saved {
	t.Helper()
	parsed, err := cohort.Parse("test.yaml", fmt.Appendf(nil, "name: %s\nversion: %d\ntitle: Everybody\nasAt: 2026-11-27\nmeasures: [{kind: PEOPLE}]\nby: [{kind: SEX}]\n", name, version))
	if err != nil {
		t.Fatal(err)
	}
	return shelf.Saved{Definition: *parsed, Digest: parsed.Digest(), Lists: []codelist.Used{{Name: "diabetes", Digest: "sha256:1"}}, By: "analyst",
		At: time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)}
}

func save(t *testing.T, on *shelf.Shelf, what shelf.Saved) *shelf.Saved {
	t.Helper()
	saved, err := on.Save(t.Context(), what)
	if err != nil {
		t.Fatal(err)
	}
	return saved
}

func TestASavedDefinitionIsFoundByItsVersionAndByItsDigestForGood(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shelf")
	on := open(t, path)
	first, second := definition(t, "everybody", 1), definition(t, "everybody", 2)
	save(t, on, first)
	save(t, on, second)
	later := first
	later.By, later.At, later.Definition.Title = "somebody else", first.At.Add(time.Hour), "Another title"
	if diff := cmp.Diff(&first, save(t, on, later)); diff != "" {
		t.Errorf("what was saved is not what it was: %s", diff)
	}
	if err := on.Close(); err != nil {
		t.Fatal(err)
	}
	on = open(t, path)
	all, err := on.All()
	if diff := cmp.Diff([]shelf.Saved{second, first}, all); diff != "" || err != nil {
		t.Error(diff, err)
	}
	for _, cited := range []string{"everybody@1", first.Digest} {
		citation, err := cohort.ParseCitation(cited)
		if err != nil {
			t.Fatal(err)
		}
		found, err := on.Find(citation)
		if diff := cmp.Diff(&first, found); diff != "" || err != nil {
			t.Errorf("%s: %s%v", cited, diff, err)
		}
	}
	if found, err := on.Find(cohort.Citation{Name: "everybody", Version: 3}); found != nil || err != nil {
		t.Errorf("%+v, %v", found, err)
	}
}

func TestAVersionIsNeverTakenByAnother(t *testing.T) {
	on := open(t, filepath.Join(t.TempDir(), "shelf"))
	save(t, on, definition(t, "everybody", 1))
	save(t, on, definition(t, "everybody", 4))
	other := definition(t, "everybody", 1)
	other.Definition.By = nil
	other.Digest = other.Definition.Digest()
	_, err := on.Save(t.Context(), other)
	var taken *shelf.Taken
	if !errors.As(err, &taken) || taken.Next != 5 || taken.Cited.String() != "everybody@1" {
		t.Error(err)
	}
}

func TestTwoWhoSaveAVersionAtOnceDoNotBothHaveIt(t *testing.T) {
	on := open(t, filepath.Join(t.TempDir(), "shelf"))
	var all sync.WaitGroup
	faults := make(chan error, 8)
	for i := range 8 {
		all.Go(func() {
			mine := definition(t, "everybody", 1)
			mine.Digest = fmt.Sprint("sha256:", i)
			_, err := on.Save(t.Context(), mine)
			faults <- err
		})
	}
	all.Wait()
	saved := 0
	for range 8 {
		if <-faults == nil {
			saved++
		}
	}
	if saved != 1 {
		t.Errorf("%d have it", saved)
	}
}

func TestTheFileSaysNothingInClear(t *testing.T) {
	folder := t.TempDir()
	on := open(t, filepath.Join(folder, "shelf"))
	save(t, on, definition(t, "everybody", 1))
	if err := on.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(folder)
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		content, err := os.ReadFile(filepath.Join(folder, file.Name()))
		if err != nil || bytes.Contains(content, []byte("everybody")) || bytes.Contains(content, []byte("analyst")) {
			t.Errorf("%s says it (%v)", file.Name(), err)
		}
	}
	if _, err := shelf.Open(t.Context(), shelf.Options{Path: filepath.Join(folder, "shelf"), Key: embedded.Key{2}, Log: slog.New(slog.DiscardHandler)}); !errors.Is(err, embedded.ErrKey) {
		t.Error(err)
	}
}
