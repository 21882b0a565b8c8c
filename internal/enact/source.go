package enact

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"onelondon/policy"
	"onelondon/policy/approval"
)

// mostApprovalBytes is more than any file of approvals needs.
const mostApprovalBytes = 1 << 20

// offer is a policy that could be put in force: a plain folder, or a bundle with its approvals.
type offer struct {
	files              fs.FS
	content, approvals []byte
}

// source is where policies come from. Look returns what is on offer, and nil where that has not changed since it last
// returned it; again returns it, changed or not. It is called by one goroutine at a time.
type source interface {
	look(ctx context.Context, again bool) (*offer, error)
}

func newSource(options Options) source {
	switch {
	case options.Folder != "":
		return &folder{path: options.Folder}
	case options.Bundle != "":
		return &file{path: options.Bundle}
	case options.URL != "":
		return newRemote(options)
	}
	return &carried{}
}

// from says where policies come from, for people.
func from(options Options) string {
	switch {
	case options.Folder != "":
		return "folder " + options.Folder
	case options.Bundle != "":
		return "bundle " + options.Bundle
	case options.URL != "":
		if place, err := url.Parse(options.URL); err == nil {
			return "bundle " + place.Redacted()
		}
		return "bundle server"
	}
	return "the program"
}

// carried is the policy that the program carries.
type carried struct{ given bool }

func (c *carried) look(_ context.Context, again bool) (*offer, error) {
	if c.given && !again {
		return nil, nil
	}
	c.given = true
	return &offer{files: policy.Embedded()}, nil
}

// folder is a plain folder. Somebody who saves several files does not do so in one moment: a change is on offer once the
// folder has looked the same twice.
type folder struct{ path, seen, given string }

func (f *folder) look(_ context.Context, again bool) (*offer, error) {
	now := fingerprint(f.path)
	settled := now == f.seen
	f.seen = now
	if !again && (!settled || now == f.given) {
		return nil, nil
	}
	f.given = now
	return &offer{files: os.DirFS(f.path)}, nil
}

// fingerprint says whether anything changed in a folder: names, sizes and times of all files. Of no folder it is empty.
func fingerprint(path string) string {
	if path == "" {
		return ""
	}
	digest := sha256.New()
	_ = filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
		fmt.Fprintf(digest, "%q %v\n", name, err)
		if err != nil || entry.IsDir() {
			return nil
		}
		if info, err := entry.Info(); err == nil {
			fmt.Fprintln(digest, info.Size(), info.ModTime().UnixNano())
		}
		return nil
	})
	return hex.EncodeToString(digest.Sum(nil))
}

// file is a bundle in a file, with its approvals in another beside it. Whoever writes it should do so elsewhere and rename: a
// half-written bundle is refused, and looked at again once it has changed.
type file struct{ path, given string }

func (f *file) look(_ context.Context, again bool) (*offer, error) {
	now := stamp(f.path) + " " + stamp(f.path+approval.Suffix)
	if now == f.given && !again {
		return nil, nil
	}
	content, err := readFile(f.path, policy.MostBundleBytes)
	if err != nil {
		return nil, err
	}
	approvals, err := readFile(f.path+approval.Suffix, mostApprovalBytes)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	f.given = now
	return &offer{content: content, approvals: approvals}, nil
}

func stamp(path string) string {
	info, err := os.Stat(path)
	if err != nil {
		return "none"
	}
	return fmt.Sprint(info.Size(), info.ModTime().UnixNano())
}

// readFile reads a file of a bounded size.
func readFile(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	content, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, err
	}
	if int64(len(content)) > most {
		return nil, fmt.Errorf("%s is larger than %d MiB", path, most>>20)
	}
	return content, nil
}
