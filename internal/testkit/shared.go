package testkit

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// Root returns the absolute path of the folder that holds go.mod.
func Root(t testing.TB) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatalf("finding the module: %v", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			t.Fatal("finding the module: no go.mod in any folder above the test")
		}
		folder = parent
	}
}

// Shared returns the absolute path of a file or folder of the third-party data
// that lies beside the repository: Shared(t, "data/reference") is
// ../shared/data/reference seen from the module. Without it the test is [NotRun].
func Shared(t testing.TB, path string) string {
	t.Helper()
	full := filepath.Join(filepath.Dir(Root(t)), "shared", filepath.FromSlash(path))
	_, err := os.Stat(full)
	switch {
	case errors.Is(err, os.ErrNotExist):
		NotRun(t, "../shared/"+path+" is not there")
	case err != nil:
		t.Fatalf("finding shared data: %v", err)
	}
	return full
}
