package cohort

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Citation names one definition: by its name and version, "diabetes-by-borough@2", or by its digest.
type Citation struct {
	Name    string // with a version, or empty
	Version int
	Digest  string // "sha256:" and 64 hexadecimal digits, or empty
}

// ErrCitation reports text that cites nothing.
var ErrCitation = errors.New("a definition is cited as NAME@VERSION, or by its whole digest, sha256:...")

var digestForm = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

// ParseCitation reads a citation. One that names no version would change its meaning with the next, and is none.
func ParseCitation(text string) (Citation, error) {
	if digestForm.MatchString(text) {
		return Citation{Digest: text}, nil
	}
	name, number, found := strings.Cut(text, "@")
	version, err := strconv.Atoi(number)
	if !found || err != nil || version < 1 || strconv.Itoa(version) != number || len(name) > longestName || !plainName.MatchString(name) {
		return Citation{}, ErrCitation
	}
	return Citation{Name: name, Version: version}, nil
}

// String writes a citation as it is read.
func (c Citation) String() string {
	if c.Digest != "" {
		return c.Digest
	}
	return fmt.Sprintf("%s@%d", c.Name, c.Version)
}

// Cites reports whether a definition of such a digest is meant.
func (c Citation) Cites(definition *Definition, digest string) bool {
	if c.Digest != "" {
		return c.Digest == digest
	}
	return c.Name == definition.Name && c.Version == definition.Version
}

// Cite is the definition's citation by name and version.
func (d *Definition) Cite() Citation { return Citation{Name: d.Name, Version: d.Version} }
