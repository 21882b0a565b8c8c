package policy

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

const (
	manifestFile   = ".manifest"
	signaturesFile = ".signatures.json"
	tablesFile     = "data.json"
	testSuffix     = "_test.rego"
	mostFiles      = 10_000
	buildAdvice    = "build it with: onelondon policy build, or opa build policy/rego policy/data --ignore '*_test.rego'"
)

// checkLayout examines the files of a bundle before their contents are used, and refuses any file that OPA's reader
// would ignore: somebody would believe an unread table to be in force.
func checkLayout(content []byte) error {
	unzipped, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return errors.New("not a gzipped tar file")
	}
	archive := tar.NewReader(unzipped)
	seen, unpacked := map[string]bool{}, int64(0)
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return complete(seen)
		}
		if err != nil {
			return errors.New("not a whole tar file")
		}
		if header.Typeflag == tar.TypeDir {
			continue
		}
		name := strings.TrimPrefix(path.Clean("/"+header.Name), "/")
		unpacked += header.Size
		switch {
		case header.Typeflag != tar.TypeReg:
			return &Fault{File: name, Message: "is not a plain file"}
		case unpacked > mostUnpacked || len(seen) == mostFiles:
			return fmt.Errorf("holds more than %d MiB or %d files", mostUnpacked>>20, mostFiles)
		case seen[name]:
			return &Fault{File: name, Message: "is in the bundle twice"}
		}
		if err := checkName(name); err != nil {
			return err
		}
		seen[name] = true
	}
}

func checkName(name string) error {
	fault := func(message string) error {
		return &Fault{File: name, Message: message, Advice: buildAdvice}
	}
	switch {
	case name == manifestFile, name == signaturesFile, name == tablesFile, strings.HasSuffix(name, ".rego"):
		return nil
	case path.Base(name) == tablesFile:
		return fault("is not at the top of the bundle, so its tables would stand where no rule looks")
	case name == "patch.json":
		return fault("a bundle that only says what changes cannot be signed")
	}
	return fault("does not belong in a bundle: rules (.rego) and data.json do")
}

func complete(seen map[string]bool) error {
	for _, name := range []string{manifestFile, signaturesFile, tablesFile} {
		if !seen[name] {
			advice := buildAdvice
			if name == signaturesFile {
				advice = "sign it with: opa build --bundle UNSIGNED --revision N --signing-alg ES256 --signing-key KEY"
			}
			return &Fault{File: name, Message: "is not in the bundle", Advice: advice}
		}
	}
	return nil
}
