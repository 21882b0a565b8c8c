package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/template"
	"time"

	"onelondon/examples/london"
	"onelondon/internal/audit"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/consent"
)

// The files of a demo's folder, beside the databases.
const (
	configFile  = "onelondon.yaml"
	tokensFile  = "tokens.json"
	keysFile    = "keys.json"
	issuerFile  = "issuer.key"
	personFile  = "person.key"
	cursorFile  = "cursor.key"
	retiredFile = "retired.csv"
	consentFile = "consent.db"
	ledgerFile  = "ledger.db"

	issuerName = "https://demo.invalid"
	audience   = "onelondon-demo"
)

// folder is a demo on disk.
type folder struct {
	dir     string
	heroine london.Character
	callers map[string]*caller
}

// caller is one of those who may ask in the demo.
type caller struct {
	auth.Person
	Title string
	token string
}

func callerNames() []string {
	return []string{"gp", "ae_doctor", "receptionist", "citizen", "privacy_officer"}
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
		"privacy_officer": {Title: "Privacy officer at Barts", Person: auth.Person{Subject: "demo-privacy-officer", Name: "Ruth Adler",
			Role: "R0001", Organisation: "R1H", Purpose: "HOPERAT"}},
	}
}

// cast says who the demo is about and who asks. They are the same however many people there are.
func (f *folder) cast() {
	f.heroine = london.Imagine(london.Options{People: 1}).Cast.Heroine
	f.callers = callers(f.heroine)
}

func (f *folder) path(name string) string { return filepath.Join(f.dir, name) }

func (f *folder) has(name string) bool {
	_, err := os.Stat(f.path(name))
	return err == nil
}

// prepare builds the demo's folder, or finds it complete. The tokens are written last: a folder without them is built anew.
func (d *demo) prepare(ctx context.Context) (*folder, error) {
	dir, err := filepath.Abs(d.folder)
	if err != nil {
		return nil, fmt.Errorf("find the demo's folder: %w", err)
	}
	f := &folder{dir: dir}
	f.cast()
	if f.has(tokensFile) && f.has(configFile) {
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

// furnish writes what a server needs beside the databases.
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
	if err := f.writeConfig(site); err != nil {
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
	return errors.Join(ledger.Close(), f.object(ctx, key, site.Cast.Objector.NHSNumber))
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

// object records what one of the cast has said: no to the shared record, and that it was upheld.
func (f *folder) object(ctx context.Context, key audit.Key, person clinical.NHSNumber) (err error) {
	register, err := consent.Open(ctx, f.path(consentFile), key, discard())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, register.Close()) }()
	for _, step := range []consent.Step{consent.Requested, consent.Upheld} {
		_, err := register.Record(ctx, consent.Directive{Person: person, About: consent.SharedRecord{Step: step}, Authority: consent.Self,
			RecordedBy: "demo", At: time.Now(), Reason: "part of the demo"})
		if err != nil {
			return err
		}
	}
	return nil
}

// issue signs the demo's tokens with its kept key, unless those there are good for another day.
func (f *folder) issue() error {
	if f.readTokens() == nil {
		return nil
	}
	issuer, err := f.issuer()
	if err != nil {
		return err
	}
	public, err := issuer.Keys()
	if err != nil {
		return fmt.Errorf("make the demo's keys: %w", err)
	}
	tokens := map[string]string{}
	for name, who := range f.callers {
		if who.token, err = issuer.Sign(who.Person, time.Now(), validity); err != nil {
			return fmt.Errorf("sign a token: %w", err)
		}
		tokens[name] = who.token
	}
	text, err := json.MarshalIndent(tokens, "", "  ")
	if err != nil {
		return fmt.Errorf("write tokens: %w", err)
	}
	if err := os.WriteFile(f.path(keysFile), public, 0o600); err != nil {
		return fmt.Errorf("write keys: %w", err)
	}
	return os.WriteFile(f.path(tokensFile), append(text, '\n'), 0o600)
}

// readTokens takes the tokens that are there, if all of them are and none is about to end.
func (f *folder) readTokens() error {
	info, err := os.Stat(f.path(tokensFile))
	if err != nil {
		return err
	}
	if time.Since(info.ModTime()) > validity-renewal {
		return errors.New("tokens are about to end")
	}
	text, err := os.ReadFile(f.path(tokensFile))
	if err != nil {
		return err
	}
	tokens := map[string]string{}
	if err := json.Unmarshal(text, &tokens); err != nil {
		return err
	}
	for name, who := range f.callers {
		if who.token = tokens[name]; who.token == "" {
			return errors.New("a token is missing")
		}
	}
	return nil
}

// issuer reads the demo's signing key, or makes one and keeps it.
func (f *folder) issuer() (*auth.Issuer, error) {
	if kept, err := os.ReadFile(f.path(issuerFile)); err == nil {
		return auth.ReadIssuer(issuerName, audience, kept)
	}
	issuer, err := auth.NewIssuer(issuerName, audience)
	if err != nil {
		return nil, fmt.Errorf("make an issuer: %w", err)
	}
	key, err := issuer.Key()
	if err != nil {
		return nil, fmt.Errorf("keep the issuer's key: %w", err)
	}
	return issuer, os.WriteFile(f.path(issuerFile), key, 0o600)
}

const configTemplate = `# A made-up London, written by onelondon demo. Serve it with
#   onelondon serve --config {{.Config}}
listen: 127.0.0.1:8080
auth:
  issuer: {{.Issuer}}
  audience: {{.Audience}}
  keys: keys.json            # the demo's own; a real site names its identity provider's https URL
consent: {file: consent.db, create: true}   # made where it is not there; a real site leaves create out
ledger: {file: ledger.db, create: true}
secrets: {person_key: file:person.key, cursor_key: file:cursor.key}
identity: {superseded: retired.csv}
log: {format: text, level: info}

sources:
{{- range .Sources}}
  - id: {{.ID}}
    name: {{.Name}}
    driver: {{.Driver}}
    dsn: {{.File}}
    mapping: {{.Mapping}}
{{- with .Organisation}}
    organisation: {{.}}
{{- end}}
{{- with .Parameters}}
    parameters:
{{- range $key, $value := .}}
      {{$key}}: {{$value}}
{{- end}}
{{- end}}
{{- end}}
`

// configured is a source as the configuration writes it.
type configured struct {
	ID, Name, Driver, File, Mapping, Organisation string
	Parameters                                    map[string]string
}

func (f *folder) writeConfig(site *london.Site) error {
	var retired strings.Builder
	retired.WriteString("old,current\n")
	for old, current := range site.Superseded {
		fmt.Fprintf(&retired, "%s,%s\n", old.Reveal(), current.Reveal())
	}
	if err := os.WriteFile(f.path(retiredFile), []byte(retired.String()), 0o600); err != nil {
		return fmt.Errorf("write %s: %w", retiredFile, err)
	}
	sources := make([]configured, 0, len(site.Sources))
	for _, source := range site.Sources {
		one := configured{ID: string(source.ID), Name: strconv.Quote(source.Name), Driver: source.Driver,
			File: filepath.Base(source.File), Mapping: strings.TrimSuffix(source.Mapping, ".yaml"),
			Organisation: string(source.Organisation.Code), Parameters: source.Parameters()}
		for key, value := range one.Parameters {
			one.Parameters[key] = strconv.Quote(value)
		}
		sources = append(sources, one)
	}
	slices.SortFunc(sources, func(a, b configured) int { return strings.Compare(a.ID, b.ID) })
	page, err := template.New("config").Parse(configTemplate)
	if err != nil {
		return fmt.Errorf("write %s: %w", configFile, err)
	}
	var text strings.Builder
	err = page.Execute(&text, map[string]any{"Config": f.path(configFile), "Issuer": issuerName, "Audience": audience, "Sources": sources})
	if err != nil {
		return fmt.Errorf("write %s: %w", configFile, err)
	}
	return os.WriteFile(f.path(configFile), []byte(text.String()), 0o600)
}
