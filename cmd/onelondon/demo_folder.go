package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"onelondon/examples/london"
	"onelondon/internal/audit"
	"onelondon/internal/auth"
)

// The files in a demo's folder, besides the databases.
const (
	configFile  = "onelondon.yaml"
	tokensFile  = "tokens.json"
	cohortFile  = "cohort.yaml"
	keysFile    = "keys.json"
	issuerFile  = "issuer.key"
	personFile  = "person.key"
	cursorFile  = "cursor.key"
	retiredFile = "retired.csv"
	consentFile = "consent.db"
	ledgerFile  = "ledger.db"

	organisationsFile = "organisations.csv"
	codelistsFolder   = "codelists"
	tokensFolder      = "tokens" // the same as in tokensFile, each in a file of its own

	demoICB = "QMF" // an ODS code

	issuerName = "https://demo.invalid"
	audience   = "onelondon-demo"
)

// folder is a demo on disk.
type folder struct {
	dir     string
	heroine london.Character
	callers map[string]*caller
}

// caller is one of the people who may ask in the demo.
type caller struct {
	auth.Person
	Title string
	token string
}

func callerNames() []string {
	return []string{"gp", "ae_doctor", "receptionist", "citizen", "privacy_officer", "analyst"}
}

func callers(heroine london.Character) map[string]*caller {
	practice := string(heroine.Practice.Code)
	return map[string]*caller{
		"gp": {Title: "GP at her practice", Person: auth.Person{Subject: "demo-gp", Name: "Dr Samira Khan", Role: "R0260",
			Organisation: practice, Activities: []string{"B0360", "B0380"}, Purpose: "TREAT"}},
		"ae_doctor": {Title: "A&E doctor at Barts", Person: auth.Person{Subject: "demo-ae-doctor", Name: "Dr Tom Reid", Role: "R9102",
			Organisation: "R1H", Activities: []string{"B0082", "B0360"}, Purpose: "ETREAT"}},
		"receptionist": {Title: "Receptionist at her practice", Person: auth.Person{Subject: "demo-receptionist", Name: "Joan Ellis",
			Role: "R1730", Organisation: practice, Purpose: "TREAT"}},
		"citizen": {Title: "Herself", Person: auth.Person{Subject: "demo-citizen", Name: heroine.Name,
			NHSNumber: heroine.NHSNumber.Reveal(), Purpose: "PATRQT"}},
		"analyst": {Title: "Analyst of the integrated care board", Person: auth.Person{Subject: "example-analyst", Name: "Priya Shah",
			Role: "R8012", Organisation: demoICB, Purpose: "HOPERAT"}},
		"privacy_officer": {Title: "Privacy officer at Barts", Person: auth.Person{Subject: "demo-privacy-officer", Name: "Ruth Adler",
			Role: "R0001", Organisation: "R1H", Purpose: "HOPERAT"}},
	}
}

// cast sets whom the demo is about and who asks. They do not depend on the size of the population.
func (f *folder) cast() {
	f.heroine = london.Imagine(london.Options{People: 1}).Cast.Heroine
	f.callers = callers(f.heroine)
}

func (f *folder) path(name string) string { return filepath.Join(f.dir, name) }

func (f *folder) has(name string) bool {
	_, err := os.Stat(f.path(name))
	return err == nil
}

// prepare builds the demo's folder, or uses a complete existing one. The tokens are written last, so a folder without
// them is rebuilt; so is one without care plans.
func (d *demo) prepare(ctx context.Context) (*folder, error) {
	dir, err := filepath.Abs(d.folder)
	if err != nil {
		return nil, fmt.Errorf("find the demo's folder: %w", err)
	}
	f := &folder{dir: dir}
	f.cast()
	if f.has(tokensFile) && f.has(configFile) && f.has(plansFolder) && f.has(unitsFolder) {
		if d.people > 0 {
			return nil, fmt.Errorf("%s holds a demo already: leave out --people to use it, or choose another folder", dir)
		}
		fmt.Fprintf(d.out, "Using the London in %s\n\n", dir)
		return f, f.issue()
	}
	began := time.Now()
	site, err := london.Build(ctx, dir, london.Options{People: d.people})
	if err != nil {
		return nil, fmt.Errorf("build the demo in %s: %w", dir, err)
	}
	if err := f.furnish(ctx, site); err != nil {
		return nil, err
	}
	fmt.Fprintf(d.out, "Built a London of %d people: %d rows in %d databases, in %.1f s\n\n", site.People, site.Rows,
		len(site.Sources), time.Since(began).Seconds())
	return f, f.issue()
}

// furnish writes what a server needs besides the databases.
func (f *folder) furnish(ctx context.Context, site *london.Site) error {
	for _, name := range []string{personFile, cursorFile} {
		if f.has(name) {
			continue
		}
		var key [32]byte
		_, _ = rand.Read(key[:]) // never fails: the runtime ends the program instead
		if err := os.WriteFile(f.path(name), []byte(hex.EncodeToString(key[:])+"\n"), 0o600); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	if err := errors.Join(f.writePlans(), f.writeConfig(site)); err != nil {
		return err
	}
	key, err := f.personKey()
	if err != nil {
		return err
	}
	ledger, err := audit.Open(ctx, f.path(ledgerFile), key, discard())
	if err != nil {
		return err
	}
	return errors.Join(ledger.Close(), f.consented(ctx, key, site))
}

func (f *folder) personKey() (audit.Key, error) {
	text, err := os.ReadFile(f.path(personFile))
	if err != nil {
		return audit.Key{}, fmt.Errorf("read %s: %w", personFile, err)
	}
	raw, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(raw) != len(audit.Key{}) {
		return audit.Key{}, errors.New("read " + personFile + ": not 64 hexadecimal digits")
	}
	return audit.Key(raw), nil
}
