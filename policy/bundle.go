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

// MostBundleBytes is the maximum size of a bundle file.
const MostBundleBytes = 16 << 20

// mostUnpacked is the maximum size of a bundle's contents after unpacking.
const mostUnpacked = 64 << 20

// Reasons to refuse a bundle before anything in it is trusted.
var (
	ErrSignature = errors.New("no key of the configuration signed this bundle")
	ErrRevision  = errors.New("the bundle's revision does not begin with a number; build it with --revision 17 or --revision 17-hiv-list")
)

// Key is a public key that is trusted to sign bundles.
type Key struct {
	ID     string // for people to read
	Public crypto.PublicKey
}

// Bundle is a published policy in OPA's format: a gzipped tar with a .manifest, rules, one data.json and a signature
// over each of them. It has been read and its signature verified, but it has not been compiled.
type Bundle struct {
	Revision string   // chosen by its author: "17-hiv-list"
	Number   uint64   // the number at the start of the revision; a newer bundle has a larger one
	Digest   [32]byte // SHA-256 of the file, which is what people approve
	Key      string   // id of the key that signed it
	verified opabundle.Bundle
}

// ReadBundle verifies and reads a bundle. An unsigned bundle is always refused, so without keys nothing can be read.
// The permitted contents are fixed: rules, data.json at the top, the manifest and the signature; schemas are the
// program's own. Tests of rules may be present and are left out.
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

// Open compiles the bundle and refuses it on any fault, like the function [Open] for a folder.
func (b *Bundle) Open(ctx context.Context, options Options) (*Engine, error) {
	inspection, err := b.Inspect(ctx, options)
	if err != nil {
		return nil, err
	}
	return inspection.Engine, nil
}

// Inspect compiles the bundle like [Bundle.Open], for inspection.
func (b *Bundle) Inspect(ctx context.Context, options Options) (*Inspection, error) {
	loaded, err := fromBundle(b.verified)
	if err != nil {
		return nil, fmt.Errorf("load policy: %w", err)
	}
	return loaded.inspect(ctx, options)
}

// ParseRevision reads the number at the start of a revision, which tells which of two bundles is newer. Words may
// follow after a hyphen.
func ParseRevision(revision string) (uint64, error) {
	digits, _, _ := strings.Cut(revision, "-")
	number, err := strconv.ParseUint(digits, 10, 63)
	if err != nil || number == 0 || len(revision) > longestText || !plain(revision) {
		return 0, ErrRevision
	}
	return number, nil
}

// plain reports whether a text contains only letters, digits and the punctuation of names, since it goes into logs and
// file names.
func plain(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '.' && r != '_'
	})
}

// verify tries each key. A signature cannot choose its own key, and without keys nothing verifies.
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

// checkManifest refuses a manifest that would change the meaning of the rules.
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

// fromBundle combines the rules and tables of a bundle with the program's own schemas.
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

// regoPath is the path of a rule in the policy's folder, whichever folder the bundle was built from:
// "/policy/rego/rows/rows.rego" becomes "rego/rows/rows.rego".
func regoPath(name string) string {
	name = strings.TrimPrefix(path.Clean("/"+name), "/")
	below := strings.LastIndex("/"+name, "/"+regoFolder+"/")
	if below < 0 {
		return regoFolder + "/" + name
	}
	return name[below:]
}
