package london_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"onelondon/examples/london"
)

func build(t *testing.T, dir string, options london.Options) *london.Site {
	t.Helper()
	site, err := london.Build(context.Background(), dir, options)
	if err != nil {
		t.Fatalf("building the site: %v", err)
	}
	return site
}

func TestTheSameSeedMakesTheSameBytes(t *testing.T) {
	digests := func(seed uint64) map[string][32]byte {
		site := build(t, t.TempDir(), london.Options{People: 60, Seed: seed})
		made := map[string][32]byte{}
		for _, source := range site.Sources {
			content, err := os.ReadFile(source.File)
			if err != nil {
				t.Fatal(err)
			}
			made[string(source.ID)] = sha256.Sum256(content)
		}
		return made
	}
	once, again, other := digests(7), digests(7), digests(8)
	for id, digest := range once {
		if digest != again[id] {
			t.Errorf("%s differs from one build to the next", id)
		}
		if digest == other[id] {
			t.Errorf("%s is the same for another seed", id)
		}
	}
}

func TestAFolderWithOtherFilesIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	mine := filepath.Join(dir, "emis-nel.sqlite")
	if err := os.WriteFile(mine, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := london.Build(context.Background(), dir, london.Options{People: 20}); !errors.Is(err, london.ErrFolder) {
		t.Errorf("building into somebody else's folder gave %v", err)
	}
	if content, err := os.ReadFile(mine); err != nil || string(content) != "mine" {
		t.Errorf("the file that was there is now %q (%v)", content, err)
	}
}

func TestAnEarlierDemoIsReplacedAndWhatLiesBesideItStays(t *testing.T) {
	dir := t.TempDir()
	build(t, dir, london.Options{People: 20})
	tokens := filepath.Join(dir, "tokens.json")
	if err := os.WriteFile(tokens, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	build(t, dir, london.Options{People: 20})
	if _, err := os.Stat(tokens); err != nil {
		t.Errorf("the file beside the databases: %v", err)
	}
}

func TestProgressNamesEachDatabase(t *testing.T) {
	var progress bytes.Buffer
	site := build(t, t.TempDir(), london.Options{People: 20, Progress: &progress})
	for _, source := range site.Sources {
		if !bytes.Contains(progress.Bytes(), []byte(source.ID)) {
			t.Errorf("no line names %s:\n%s", source.ID, progress.String())
		}
	}
}

func BenchmarkBuild(b *testing.B) {
	for b.Loop() {
		site, err := london.Build(context.Background(), b.TempDir(), london.Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(site.Rows), "rows")
		b.ReportMetric(float64(site.People), "people")
	}
}
