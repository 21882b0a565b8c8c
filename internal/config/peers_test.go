package config_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"onelondon/internal/config"
	"onelondon/internal/testkit"
)

func TestOtherOneLondonsAreRead(t *testing.T) {
	got, err := load(t, "testdata/peers.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p := got.Peers
	if p.Instance != "nel" || p.Listen != "0.0.0.0:8444" || p.Certificate.PrivateKey == nil || p.Depth != 3 || len(p.Allow) != 1 {
		t.Fatalf("peers: %+v", p)
	}
	london := p.Allow[0]
	if london.Instance != "london" || len(london.Pins) != 1 || !london.Organisations.All || london.Roles.All ||
		!slices.Equal(london.Roles.Codes, []string{"R0260", "R8000"}) || !slices.Equal(london.Purposes, []string{"TREAT", "ETREAT"}) ||
		!slices.Equal(london.Relationships, []string{"registered", "record"}) || !slices.Equal(london.For, []string{"england"}) ||
		!london.Emergency || !london.Citizens || !london.OwnRegister || !london.Locate || london.Concurrency != 20 {
		t.Errorf("london: %+v", london)
	}
	barts := got.Sources[0]
	if barts.Driver != config.AnotherOneLondon || barts.DSN != "https://onelondon.barts.example:8444" || barts.Refresh != 0 ||
		barts.System != "onelondon" || barts.OneLondon.Certificate.PrivateKey == nil || barts.OneLondon.Authorities == nil {
		t.Errorf("barts: %+v", barts)
	}
}

func TestAPeerMayNothingThatIsNotWritten(t *testing.T) {
	got, err := load(t, "testdata/peers-least.yaml")
	if err != nil {
		t.Fatal(err)
	}
	london := got.Peers.Allow[0]
	if london.Emergency || london.Citizens || london.OwnRegister || london.Locate || len(london.For) > 0 || len(london.Relationships) > 0 ||
		london.Organisations.All || london.Roles.All {
		t.Errorf("london: %+v", london)
	}
}

// The how-to is what people copy from.
func TestTheConfigurationsOfTheHowToLoad(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(testkit.Root(t), "docs", "another-onelondon.md"))
	if err != nil {
		t.Fatal(err)
	}
	site, err := filepath.Abs("testdata/site")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for name, kept := range map[string]string{"peer.pem": "peer.pem", "peer.key": "peer.key", "london.pem": "peer.pem", "london.key": "peer.key",
		"barts-ca.pem": "authority.pem"} {
		if err := os.Symlink(filepath.Join(site, kept), filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	head := strings.ReplaceAll("listen: 127.0.0.1:8080\nauth: {issuer: https://identity.example, audience: onelondon, keys: SITE/keys.json}\n"+
		"consent: {file: SITE/consent.db}\nledger: {file: SITE/ledger.db}\nsecrets: {person_key: \"file:SITE/person.key\"}\n", "SITE", site)
	sources := strings.ReplaceAll("sources: [{id: clinic, name: The clinic, driver: sqlite, dsn: SITE/clinic.db, mapping: SITE/clinic.yaml, parameters: {code: F84001}}]\n", "SITE", site)
	found := 0
	for _, block := range strings.Split(string(text), "```yaml\n")[1:] {
		block, _, _ = strings.Cut(block, "```")
		if !strings.Contains(block, "sources:") {
			block += sources
		}
		path := filepath.Join(folder, "onelondon.yaml")
		if err := os.WriteFile(path, []byte(head+block), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := config.Load(path, nil); err != nil {
			t.Error(err)
		}
		found++
	}
	if found != 2 {
		t.Errorf("%d configurations, want the trust's and London's", found)
	}
}
