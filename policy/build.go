package policy

import (
	"bytes"
	"context"
	"crypto"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
	opabundle "github.com/open-policy-agent/opa/v1/bundle"

	"onelondon/policy/signing"
)

// BuildBundle makes a signed bundle of the folders rego and data in files, as stock opa build does, and opens it, so
// that a bundle it returns is one that a server with this program's schemas accepts. Revision must satisfy
// [ParseRevision]. Tests of rules are left out.
func BuildBundle(ctx context.Context, files fs.FS, revision string, key crypto.Signer, options Options) ([]byte, error) {
	if _, err := ParseRevision(revision); err != nil {
		return nil, fmt.Errorf("build bundle: %w", err)
	}
	loaded := newBundle()
	if err := loaded.read(files, regoFolder, dataFolder); err != nil {
		return nil, fmt.Errorf("build bundle: %w", err)
	}
	if len(loaded.modules) == 0 {
		return nil, fmt.Errorf("build bundle: %w", &Fault{File: regoFolder, Message: "holds no rule"})
	}
	content, err := loaded.pack(revision, key)
	if err != nil {
		return nil, fmt.Errorf("build bundle: %w", err)
	}
	read, err := ReadBundle(content, Key{ID: "own", Public: key.Public()})
	if err != nil {
		return nil, fmt.Errorf("build bundle: %w", err)
	}
	_, err = read.Open(ctx, options)
	return content, err
}

// pack writes the bundle in OPA's format.
func (b *bundle) pack(revision string, key crypto.Signer) ([]byte, error) {
	version, everything := ast.RegoV1.Int(), []string{""}
	packed := opabundle.Bundle{Data: b.data,
		Manifest: opabundle.Manifest{Revision: revision, Roots: &everything, RegoVersion: &version}}
	for _, name := range slices.Sorted(maps.Keys(b.texts)) {
		packed.Modules = append(packed.Modules, opabundle.ModuleFile{URL: "/" + name, Path: "/" + name, RelativePath: "/" + name,
			Raw: b.texts[name], Parsed: b.modules[name]})
	}
	algorithm, err := signing.AlgorithmOf(key.Public())
	if err != nil {
		return nil, err
	}
	private, err := signing.EncodePrivate(key)
	if err != nil {
		return nil, err
	}
	// The key is passed as text. If OPA took it for a path, it would return an error.
	if err := packed.GenerateSignature(opabundle.NewSigningConfig(string(private), string(algorithm), ""), "", false); err != nil {
		return nil, errors.New("sign: the key cannot sign bundles")
	}
	var out bytes.Buffer
	if err := opabundle.NewWriter(&out).DisableFormat(true).Write(packed); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
