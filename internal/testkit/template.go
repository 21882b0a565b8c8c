package testkit

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// home is the folder of one server: its data folder, its log and what it needs beside.
type home string

func (h home) data() string { return filepath.Join(string(h), "data") }

func (h home) file(name string) string { return filepath.Join(string(h), name) }

// template is a home that was initialised once and is copied for each server:
// a copy takes a quarter of the time that initialising takes.
type template struct {
	home
	account account
}

// makeTemplate returns the template of an engine, making it if this machine has
// none for this version and recipe. Test packages run in parallel, so one makes
// it while the others wait.
func makeTemplate(engine engine) (template, error) {
	account, err := accountFor(engine)
	if err != nil {
		return template{}, err
	}
	parent, err := parentFolder(account)
	if err != nil {
		return template{}, err
	}
	version, err := exec.Command(engine.version[0], engine.version[1:]...).Output()
	if err != nil {
		return template{}, fmt.Errorf("ask version: %w", err)
	}
	final := template{home(filepath.Join(parent, "template-"+recipe(engine, version))), account}
	unlock, err := lock(filepath.Join(parent, "lock"))
	if err != nil {
		return template{}, err
	}
	defer unlock()
	if _, err := os.Stat(string(final.home)); !errors.Is(err, os.ErrNotExist) {
		return final, err
	}
	return final, final.make(engine)
}

// make initialises in another folder and renames it, so that a template that is
// there is whole.
func (t template) make(engine engine) error {
	building, err := newHome(filepath.Dir(string(t.home)), t.account)
	if err != nil {
		return err
	}
	defer os.RemoveAll(string(building))
	for name, text := range engine.files {
		if err := os.WriteFile(building.file(name), []byte(text), 0o644); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	if output, err := t.account.command(engine.initialise(building)...).CombinedOutput(); err != nil {
		return fmt.Errorf("make data folder: %w: %s", err, output)
	}
	if err := os.Rename(string(building), string(t.home)); err != nil {
		return fmt.Errorf("keep template: %w", err)
	}
	return nil
}

func (t template) copy() (home, error) {
	copied, err := newHome(filepath.Dir(string(t.home)), t.account)
	if err != nil {
		return "", err
	}
	command := t.account.command("cp", "-a", string(t.home)+"/.", string(copied))
	if output, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("copy template: %w: %s", err, output)
	}
	return copied, nil
}

func newHome(parent string, account account) (home, error) {
	folder, err := os.MkdirTemp(parent, "server-")
	if err != nil {
		return "", fmt.Errorf("make server folder: %w", err)
	}
	if err := os.Chown(folder, account.id(), -1); err != nil {
		return "", fmt.Errorf("hand over server folder: %w", err)
	}
	return home(folder), nil
}

// parentFolder is where the account keeps templates and servers. Whoever made
// it first must be the account, for its programs trust what lies there.
func parentFolder(account account) (string, error) {
	folder := filepath.Join(os.TempDir(), "onelondon-testkit-"+strconv.Itoa(account.id()))
	err := os.Mkdir(folder, 0o700)
	switch {
	case err == nil:
		err = os.Chown(folder, account.id(), -1)
	case errors.Is(err, os.ErrExist):
		err = nil
	}
	if err != nil {
		return "", fmt.Errorf("make %s: %w", folder, err)
	}
	info, err := os.Lstat(folder)
	if err != nil {
		return "", fmt.Errorf("look at %s: %w", folder, err)
	}
	owner := info.Sys().(*syscall.Stat_t).Uid
	if !info.IsDir() || int(owner) != account.id() {
		return "", fmt.Errorf("%s belongs to somebody else", folder)
	}
	return folder, nil
}

// accountFor chooses whom to run as: PostgreSQL and MariaDB both refuse root.
func accountFor(engine engine) (account, error) {
	if os.Getuid() != 0 {
		return account{}, nil
	}
	for _, name := range engine.accounts {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.ParseUint(found.Uid, 10, 32)
		gid, gidErr := strconv.ParseUint(found.Gid, 10, 32)
		if err := errors.Join(uidErr, gidErr); err != nil {
			return account{}, fmt.Errorf("read account %s: %w", name, err)
		}
		return account{&syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
	}
	return account{}, fmt.Errorf("no account to run as: none of %s", strings.Join(engine.accounts, ", "))
}

// recipe is a short name for everything that shapes a template.
func recipe(engine engine, version []byte) string {
	hash := sha256.New()
	fmt.Fprintln(hash, string(version), engine.initialise("home"))
	for _, name := range slices.Sorted(maps.Keys(engine.files)) {
		fmt.Fprintln(hash, name, engine.files[name])
	}
	return fmt.Sprintf("%x", hash.Sum(nil)[:6])
}

func lock(path string) (unlock func(), err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open lock: %w", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
		file.Close()
		return nil, fmt.Errorf("lock: %w", err)
	}
	return func() { file.Close() }, nil
}

// find returns the path of a program: in PATH, or else in a folder that one of
// the patterns matches, of which the last, which has the highest version, is taken.
func find(program string, patterns ...string) (string, bool) {
	if path, err := exec.LookPath(program); err == nil {
		return path, true
	}
	for _, pattern := range patterns {
		matches, err := filepath.Glob(filepath.Join(pattern, program))
		if err != nil || len(matches) == 0 {
			continue
		}
		if path, err := exec.LookPath(matches[len(matches)-1]); err == nil {
			return path, true
		}
	}
	return "", false
}

func samePath(a, b string) bool {
	resolved, err := filepath.EvalSymlinks(b)
	return err == nil && (filepath.Clean(a) == filepath.Clean(b) || filepath.Clean(a) == resolved)
}
