package policy_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto"
	"crypto/sha256"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/bundle"
	"github.com/open-policy-agent/opa/v1/compile"

	"onelondon/policy"
	"onelondon/policy/signing"
)

func newKey(t testing.TB, algorithm signing.Algorithm) crypto.Signer {
	t.Helper()
	private, err := signing.Generate(algorithm)
	if err != nil {
		t.Fatal(err)
	}
	return private
}

func build(t testing.TB, revision string, key crypto.Signer) []byte {
	t.Helper()
	content, err := policy.BuildBundle(t.Context(), policy.Embedded(), revision, key, policy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// builtByOPA is what the stock command makes, by the functions that it calls:
//
//	opa build policy/rego policy/data --ignore '*_test.rego' -o unsigned.tar.gz
//	opa build --bundle unsigned.tar.gz --revision 17 --signing-alg ES256 --signing-key key.pem
func builtByOPA(t testing.TB, revision string, key crypto.Signer) []byte {
	t.Helper()
	secret, err := signing.EncodePrivate(key)
	if err != nil {
		t.Fatal(err)
	}
	algorithm, err := signing.AlgorithmOf(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	var unsigned, signed bytes.Buffer
	err = compile.New().WithFS(os.DirFS("..")).WithPaths("policy/rego", "policy/data").WithOutput(&unsigned).
		WithFilter(func(path string, _ os.FileInfo, _ int) bool { return strings.HasSuffix(path, "_test.rego") }).Build(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "unsigned.tar.gz")
	if err := os.WriteFile(file, unsigned.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	err = compile.New().WithAsBundle(true).WithPaths(file).WithRevision(revision).WithOutput(&signed).
		WithBundleSigningConfig(bundle.NewSigningConfig(string(secret), string(algorithm), "")).Build(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return signed.Bytes()
}

func TestTheSamePolicyHasTheSameRevisionHoweverItCame(t *testing.T) {
	folder := open(t, policy.Embedded())
	for _, algorithm := range []signing.Algorithm{signing.EdDSA, signing.ES256} {
		key := newKey(t, algorithm)
		for name, content := range map[string][]byte{"ours": build(t, "17-hiv-list", key), "OPA's": builtByOPA(t, "17-hiv-list", key)} {
			read, err := policy.ReadBundle(content, policy.Key{ID: "site", Public: key.Public()})
			if err != nil {
				t.Fatalf("%s, %s: %v", name, algorithm, err)
			}
			if read.Revision != "17-hiv-list" || read.Number != 17 || read.Key != "site" || read.Digest != sha256.Sum256(content) {
				t.Errorf("%s, %s: %+v", name, algorithm, read)
			}
			engine, err := read.Open(t.Context(), policy.Options{})
			if err != nil {
				t.Fatalf("%s, %s: %v", name, algorithm, err)
			}
			if engine.Revision() != folder.Revision() {
				t.Errorf("%s, %s: revision %s, the folder's is %s", name, algorithm, engine.Revision(), folder.Revision())
			}
			if decision, err := engine.Decide(t.Context(), gp); err != nil || !decision.Permitted {
				t.Errorf("%s, %s: %+v, %v", name, algorithm, decision, err)
			}
		}
	}
}

func TestWithAnyOfSeveralKeysABundleIsRead(t *testing.T) {
	old, current := newKey(t, signing.ES256), newKey(t, signing.EdDSA)
	keys := []policy.Key{{ID: "old", Public: old.Public()}, {ID: "current", Public: current.Public()}}
	for id, key := range map[string]crypto.Signer{"old": old, "current": current} {
		if read, err := policy.ReadBundle(build(t, "1", key), keys...); err != nil || read.Key != id {
			t.Errorf("%s: %v", id, err)
		}
	}
}

// repack unpacks a bundle, lets change do what it wants with its files, and packs it again.
func repack(t testing.TB, content []byte, change func(files map[string]string)) []byte {
	t.Helper()
	unzipped, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	files, archive := map[string]string{}, tar.NewReader(unzipped)
	for header, err := archive.Next(); err == nil; header, err = archive.Next() {
		text, err := io.ReadAll(archive)
		if err != nil {
			t.Fatal(err)
		}
		files[strings.TrimPrefix(header.Name, "/")] = string(text)
	}
	change(files)
	return pack(t, files)
}

func pack(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	zipped := gzip.NewWriter(&out)
	archive := tar.NewWriter(zipped)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		header := &tar.Header{Name: strings.TrimSuffix(name, "(twice)"), Mode: 0o600, Size: int64(len(files[name])), Typeflag: tar.TypeReg}
		if target, ok := strings.CutPrefix(files[name], "link to "); ok {
			header.Typeflag, header.Linkname, header.Size = tar.TypeSymlink, target, 0
		}
		if err := archive.WriteHeader(header); err != nil {
			t.Fatal(err)
		}
		if header.Typeflag == tar.TypeReg {
			if _, err := archive.Write([]byte(files[name])); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := errors.Join(archive.Close(), zipped.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestABundleThatSomebodyTouchedIsRefused(t *testing.T) {
	key := newKey(t, signing.ES256)
	content := build(t, "17", key)
	for _, test := range []struct {
		name   string
		change func(files map[string]string)
		want   string
	}{
		{"a changed table", func(f map[string]string) { f["data.json"] = strings.Replace(f["data.json"], "TREAT", "HMARKT", 1) }, "digest mismatch"},
		{"a changed rule", func(f map[string]string) { f[rowsFile] += "\n" }, "digest mismatch"},
		{"a changed revision", func(f map[string]string) { f[".manifest"] = strings.Replace(f[".manifest"], "17", "18", 1) }, "digest mismatch"},
		{"another rule", func(f map[string]string) { f["rego/extra.rego"] = "package extra\n" }, "not included in bundle signature"},
		{"a rule too few", func(f map[string]string) { delete(f, rowsFile) }, "not found in the target bundle"},
		{"no signature", func(f map[string]string) { delete(f, ".signatures.json") }, ".signatures.json: is not in the bundle; sign it"},
		{"an empty signature", func(f map[string]string) { f[".signatures.json"] = "{}" }, "signature"},
		{"no signature in the list", func(f map[string]string) { f[".signatures.json"] = `{"signatures": []}` }, "signature"},
		{"another verifier", func(f map[string]string) {
			f[".signatures.json"] = strings.Replace(f[".signatures.json"], "}", `, "plugin": "mine"}`, 1)
		}, "no verifier"},
		{"no manifest", func(f map[string]string) { delete(f, ".manifest") }, ".manifest: is not in the bundle"},
		{"no tables", func(f map[string]string) { delete(f, "data.json") }, "data.json: is not in the bundle"},
		{"a table beside data.json", func(f map[string]string) { f["data/roles.yaml"] = "roles: {}" }, "data/roles.yaml: does not belong in a bundle"},
		{"tables below the top", func(f map[string]string) { f["data/data.json"] = "{}" }, "data/data.json: is not at the top"},
		{"a schema", func(f map[string]string) { f["schema/input.json"] = "{}" }, "schema/input.json: does not belong in a bundle"},
		{"compiled rules", func(f map[string]string) { f["policy.wasm"] = "" }, "policy.wasm: does not belong"},
		{"a patch", func(f map[string]string) { f["patch.json"] = "{}" }, "only says what changes"},
		{"a file twice", func(f map[string]string) { f["data.json(twice)"] = "{}" }, "data.json: is in the bundle twice"},
		{"a link", func(f map[string]string) { f["rego/link.rego"] = "link to /etc/passwd" }, "rego/link.rego: is not a plain file"},
	} {
		_, err := policy.ReadBundle(repack(t, content, test.change), policy.Key{ID: "site", Public: key.Public()})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", test.name, err, test.want)
		}
	}
}

func TestABundleIsReadWithAKeyThatSignedItAndNoOther(t *testing.T) {
	key, other := newKey(t, signing.ES256), newKey(t, signing.ES256)
	content := build(t, "17", key)
	for name, keys := range map[string][]policy.Key{
		"no key":             nil,
		"another key":        {{ID: "site", Public: other.Public()}},
		"a key of EdDSA":     {{ID: "site", Public: newKey(t, signing.EdDSA).Public()}},
		"several other keys": {{ID: "a", Public: other.Public()}, {ID: "b", Public: newKey(t, signing.ES256).Public()}},
	} {
		if _, err := policy.ReadBundle(content, keys...); !errors.Is(err, policy.ErrSignature) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := policy.ReadBundle(content, policy.Key{ID: "site", Public: "a text"}); !errors.Is(err, signing.ErrKey) {
		t.Errorf("no key at all: %v", err)
	}
}

func TestARevisionBeginsWithItsNumber(t *testing.T) {
	for revision, want := range map[string]uint64{"1": 1, "17": 17, "17-hiv-list": 17, "20261126-1": 20261126, "007": 7} {
		if got, err := policy.ParseRevision(revision); err != nil || got != want {
			t.Errorf("%s: %d, %v", revision, got, err)
		}
	}
	for _, revision := range []string{"", "r1", "0", "-1", "1.5", "17 lists", "17-\n", "17-café", "17-../../x", strings.Repeat("1", 80),
		"99999999999999999999", "0x11"} {
		if number, err := policy.ParseRevision(revision); err == nil {
			t.Errorf("%q is number %d", revision, number)
		}
	}
	if _, err := policy.BuildBundle(t.Context(), policy.Embedded(), "r1", newKey(t, signing.EdDSA), policy.Options{}); !errors.Is(err, policy.ErrRevision) {
		t.Errorf("built with a revision that has no number: %v", err)
	}
}

func TestABundleWithAFaultyPolicyIsNotBuiltNorOpened(t *testing.T) {
	key := newKey(t, signing.EdDSA)
	_, err := policy.BuildBundle(t.Context(), withRows(t, "released if not input.record.labels.sealed == true"), "1", key, policy.Options{})
	if fault := (*policy.Fault)(nil); !errors.As(err, &fault) || fault.File != rowsFile || fault.Line != 3 {
		t.Errorf("got %v, want a fault in line 3 of %s", err, rowsFile)
	}
	_, err = policy.BuildBundle(t.Context(), changed(t, map[string]string{"data/extra.yaml": "extra: {a: 1}"}), "1", key, policy.Options{})
	if err == nil || !strings.Contains(err.Error(), "no schema describes this table") {
		t.Errorf("a table that no schema of the program describes: %v", err)
	}
}

func FuzzReadBundle(f *testing.F) {
	key := newKey(f, signing.EdDSA)
	whole := build(f, "17", key)
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add(pack(f, map[string]string{".manifest": "{}", ".signatures.json": "{}", "data.json": "{}"}))
	f.Fuzz(func(t *testing.T, content []byte) {
		read, err := policy.ReadBundle(content, policy.Key{ID: "site", Public: key.Public()})
		if err == nil && (read.Revision != "17" || read.Digest != sha256.Sum256(content)) {
			t.Error("a bundle that nobody signed was read")
		}
	})
}
