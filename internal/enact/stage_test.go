package enact_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/sha256"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/open-policy-agent/opa/v1/bundle"
	"github.com/open-policy-agent/opa/v1/compile"

	"onelondon/internal/enact"
	"onelondon/policy"
	"onelondon/policy/approval"
	"onelondon/policy/signing"
)

// stage is a site that takes its policy from a bundle, and the people who sign and approve it.
type stage struct {
	folder  string
	signer  crypto.Signer
	keys    map[string]crypto.Signer
	options enact.Options
	now     time.Time
	log     bytes.Buffer
	spoil   func(name string, content []byte) []byte // changes a file of the bundles that are built; nil for none
}

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{folder: t.TempDir(), keys: map[string]crypto.Signer{}, now: time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)}
	s.signer = newKey(t)
	for name, role := range map[string]approval.Role{"Ada": approval.Professional, "Ben": approval.Professional, "Cleo": approval.Lay} {
		s.keys[name] = newKey(t)
		s.options.Approval.Approvers = append(s.options.Approval.Approvers, approval.Approver{Name: name, Role: role, Key: s.keys[name].Public()})
	}
	s.options.Bundle = filepath.Join(s.folder, "policy.tar.gz")
	s.options.History = filepath.Join(s.folder, "history")
	s.options.Keys = []policy.Key{{ID: "site", Public: s.signer.Public()}}
	s.options.Now = func() time.Time { return s.now }
	s.options.Log = slog.New(slog.NewTextHandler(&s.log, nil))
	return s
}

func newKey(t *testing.T) crypto.Signer {
	t.Helper()
	private, err := signing.Generate(signing.EdDSA)
	if err != nil {
		t.Fatal(err)
	}
	return private
}

// fewRoles makes policies that are quickly proved.
const fewRoles = "roles: {doctor: {clinical: true, roles: {R0260: General Medical Practitioner}}, nurse: {clinical: true, roles: {R0620: Staff Nurse}}}\n"

// toldApart is the sentence for the reason own_record, by which tests tell revisions apart.
const toldApart = "This is your own record."

// worded is the policy that ships, for doctors and nurses only and with another sentence for one reason.
func worded(t *testing.T, sentence string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(policy.Embedded(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(policy.Embedded(), name)
		switch name {
		case "data/words.yaml":
			if !bytes.Contains(content, []byte(toldApart)) {
				t.Fatalf("the policy that ships no longer says %q", toldApart)
			}
			content = bytes.Replace(content, []byte(toldApart), []byte(sentence), 1)
		case "data/roles.yaml":
			content = []byte(fewRoles)
		}
		files[name] = &fstest.MapFile{Data: content}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// build makes a bundle that says a sentence, as stock OPA does: without proving it, which takes longest.
func (s *stage) build(t *testing.T, revision, sentence string) []byte {
	t.Helper()
	var unsigned, signed bytes.Buffer
	files := worded(t, sentence)
	for name, file := range files {
		if s.spoil != nil {
			file.Data = s.spoil(name, file.Data)
		}
	}
	err := compile.New().WithFS(files).WithPaths("rego", "data").WithOutput(&unsigned).
		WithFilter(func(path string, _ os.FileInfo, _ int) bool { return strings.HasSuffix(path, "_test.rego") }).Build(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	made, err := bundle.NewReader(&unsigned).WithSkipBundleVerification(true).Read()
	if err != nil {
		t.Fatal(err)
	}
	secret, err := signing.EncodePrivate(s.signer)
	if err != nil {
		t.Fatal(err)
	}
	made.Manifest.Revision = revision
	if err := made.GenerateSignature(bundle.NewSigningConfig(string(secret), string(signing.EdDSA), ""), "", false); err != nil {
		t.Fatal(err)
	}
	if err := bundle.NewWriter(&signed).Write(made); err != nil {
		t.Fatal(err)
	}
	return signed.Bytes()
}

// approve makes the content of the file of approvals.
func (s *stage) approve(t *testing.T, approved []byte, names ...string) []byte {
	t.Helper()
	var content []byte
	for _, name := range names {
		role := approval.Professional
		if name == "Cleo" {
			role = approval.Lay
		}
		token, err := approval.Sign(approval.Approval{Bundle: sha256.Sum256(approved), Name: name, Role: role, At: s.now}, s.keys[name])
		if err != nil {
			t.Fatal(err)
		}
		if content, err = approval.Append(content, token); err != nil {
			t.Fatal(err)
		}
	}
	return content
}

// publish puts a bundle and its approvals where the server looks.
func (s *stage) publish(t *testing.T, content []byte, names ...string) {
	t.Helper()
	write(t, s.options.Bundle+approval.Suffix, s.approve(t, content, names...))
	write(t, s.options.Bundle, content)
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func (s *stage) open(t *testing.T) *enact.Keeper {
	t.Helper()
	keeper, err := enact.Open(t.Context(), s.options)
	if err != nil {
		t.Fatal(err)
	}
	return keeper
}

// look looks once and demands that a sentence is in force.
func look(t *testing.T, keeper *enact.Keeper, sentence string) {
	t.Helper()
	keeper.Look(context.Background(), false)
	says(t, keeper, sentence)
}

func says(t *testing.T, keeper *enact.Keeper, sentence string) {
	t.Helper()
	if got := keeper.Engine().Words("own_record"); got != sentence {
		t.Errorf("in force is %q, want %q; %s", got, sentence, keeper.Status().Why)
	}
}

// wrong demands that something is wrong, or, for no text, that nothing is.
func wrong(t *testing.T, keeper *enact.Keeper, text string) {
	t.Helper()
	why := keeper.Status().Why
	if (text == "") != (why == "") || !strings.Contains(why, text) {
		t.Errorf("wrong is %q, want %q", why, text)
	}
	if (why == "") != keeper.Status().Stale.IsZero() {
		t.Errorf("stale since %s while wrong is %q", keeper.Status().Stale, why)
	}
}
