package policy

import (
	"bytes"
	"context"
	"crypto"
	"crypto/sha256"
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"

	opabundle "github.com/open-policy-agent/opa/v1/bundle"

	"onelondon/policy/signing"
)

// MostBundleBytes is how large the file of a bundle may be.
const MostBundleBytes = 16 << 20

// mostUnpacked is how large everything in a bundle may be once it is unpacked.
const mostUnpacked = 64 << 20

// What a bundle may be refused for before anything of it is believed.
var (
	ErrSignature = errors.New("no key of the configuration signed this bundle")
	ErrRevision  = errors.New("the bundle's revision does not begin with a number; build it with --revision 17 or --revision 17-hiv-list")
)

// Key is a public key whose signature on a bundle is believed.
type Key struct {
	ID     string // for people to read
	Public crypto.PublicKey
}

// Bundle is a policy as it was published, in OPA's own format: a gzipped tar with a .manifest, rules, one data.json and a
// signature over each of them. It has been read and its signature verified; it has not been compiled.
type Bundle struct {
	Revision string   // as its author wrote it: "17-hiv-list"
	Number   uint64   // what the revision begins with; a newer bundle has a larger one
	Digest   [32]byte // SHA-256 of the file, which is what people approve
	Key      string   // id of the key that signed it
	verified opabundle.Bundle
}

// ReadBundle verifies and reads a bundle. Without keys it reads nothing: an unsigned bundle is no bundle. What may lie in one
// is closed: rules, data.json at the top, the manifest and the signature; the schemas are the program's own. Rules' tests
// may be in it and are left out.
func ReadBundle(content []byte, keys ...Key) (*Bundle, error) {
	if len(content) > MostBundleBytes {
		return nil, fmt.Errorf("read bundle: larger than %d MiB", MostBundleBytes>>20)
	}
	if err := checkLayout(content); err != nil {
		return nil, fmt.Errorf("read bundle: %w", err)
	}
	verified, key, err := verify(content, keys)
	if err != nil {
		return nil, fmt.Errorf("read bundle: %w", err)
	}
	if err := checkManifest(&verified.Manifest); err != nil {
		return nil, fmt.Errorf("read bundle: %w", err)
	}
	number, err := ParseRevision(verified.Manifest.Revision)
	if err != nil {
		return nil, fmt.Errorf("read bundle: %w", err)
	}
	return &Bundle{Revision: verified.Manifest.Revision, Number: number, Digest: sha256.Sum256(content), Key: key,
		verified: verified}, nil
}

// Open compiles the bundle and refuses it on any fault, as [Open] does a folder.
func (b *Bundle) Open(ctx context.Context, options Options) (*Engine, error) {
	inspection, err := b.Inspect(ctx, options)
	if err != nil {
		return nil, err
	}
	return inspection.Engine, nil
}

// Inspect compiles the bundle as [Bundle.Open] does, for those who look into it.
func (b *Bundle) Inspect(ctx context.Context, options Options) (*Inspection, error) {
	loaded, err := fromBundle(b.verified)
	if err != nil {
		return nil, fmt.Errorf("load policy: %w", err)
	}
	return loaded.inspect(ctx, options)
}

// ParseRevision reads the number that a revision begins with, which says which of two bundles is newer. Words may follow
// after a hyphen.
func ParseRevision(revision string) (uint64, error) {
	digits, _, _ := strings.Cut(revision, "-")
	number, err := strconv.ParseUint(digits, 10, 63)
	if err != nil || number == 0 || len(revision) > longestText || !plain(revision) {
		return 0, ErrRevision
	}
	return number, nil
}

// plain reports whether a text is of letters, digits and what stands between them in names: it goes into logs and file names.
func plain(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '.' && r != '_'
	})
}

// verify tries each key. There is no reading without one, and no reading by which a signature could name its own.
func verify(content []byte, keys []Key) (opabundle.Bundle, string, error) {
	last := ErrSignature
	for _, key := range keys {
		algorithm, err := signing.AlgorithmOf(key.Public)
		if err != nil {
			return opabundle.Bundle{}, "", fmt.Errorf("key %q: %w", key.ID, err)
		}
		pem, err := signing.EncodePublic(key.Public)
		if err != nil {
			return opabundle.Bundle{}, "", fmt.Errorf("key %q: %w", key.ID, err)
		}
		config := opabundle.NewVerificationConfig(map[string]*opabundle.KeyConfig{
			key.ID: {Key: string(pem), Algorithm: string(algorithm)}}, key.ID, "", nil)
		read, err := opabundle.NewReader(bytes.NewReader(content)).WithBundleVerificationConfig(config).
			WithSizeLimitBytes(mostUnpacked).WithProcessAnnotations(true).WithCapabilities(capabilities()).Read()
		if err == nil {
			return read, key.ID, nil
		}
		if !strings.Contains(err.Error(), "failed to verify JWT signature") {
			last = fmt.Errorf("with key %q: %w", key.ID, err)
		}
	}
	return opabundle.Bundle{}, "", last
}

// checkManifest refuses what a manifest could change of the meaning of the rules.
func checkManifest(manifest *opabundle.Manifest) error {
	fault := func(message string) error {
		return &Fault{File: manifestFile, Message: message, Advice: buildAdvice}
	}
	switch {
	case manifest.RegoVersion != nil && *manifest.RegoVersion != 1 || len(manifest.FileRegoVersions) > 0:
		return fault("the rules are not in Rego v1")
	case len(manifest.WasmResolvers) > 0:
		return fault("it holds compiled rules, which nobody can read")
	}
	return nil
}

// fromBundle takes the rules, the tables and the program's own schemas together.
func fromBundle(verified opabundle.Bundle) (*bundle, error) {
	b := newBundle()
	var faults []error
	for _, module := range verified.Modules {
		name := regoPath(module.Path)
		if strings.HasSuffix(name, testSuffix) {
			continue
		}
		if _, twice := b.texts[name]; twice {
			faults = append(faults, &Fault{File: name, Message: "is in the bundle twice"})
			continue
		}
		faults = append(faults, b.add(regoFolder, name, module.Raw))
	}
	for name, document := range verified.Data {
		b.data[name] = document
	}
	faults = append(faults, b.read(Embedded(), schemaFolder))
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return b, b.number()
}

// regoPath is where a rule of a bundle lies in the policy's folder, whatever folder the bundle was built from:
// "/policy/rego/rows/rows.rego" is "rego/rows/rows.rego".
func regoPath(name string) string {
	name = strings.TrimPrefix(path.Clean("/"+name), "/")
	below := strings.LastIndex("/"+name, "/"+regoFolder+"/")
	if below < 0 {
		return regoFolder + "/" + name
	}
	return name[below:]
}
