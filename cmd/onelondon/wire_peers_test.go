package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/peer"
	"onelondon/internal/testkit"
)

// addTo adds to the end of a kept demo's configuration.
func addTo(t *testing.T, path, text string) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteString(text); err != nil || file.Close() != nil {
		t.Fatal(err)
	}
}

// region is a configuration of a OneLondon that has no record systems of its own, and asks one other.
const region = `listen: 127.0.0.1:8080
auth: {issuer: "%s", audience: "%s", keys: "%s/keys.json"}
consent: {file: consent.db, create: true}
ledger: {file: ledger.db, create: true}
secrets: {person_key: "file:%[3]s/person.key"}
peers: {instance: london}
sources:
  - {id: nel, name: North East London, driver: onelondon, dsn: "%[4]s", onelondon: {certificate: peer.pem, key: peer.key, authorities: authority.pem}}
`

func TestAOneLondonAsksAnotherAsItsConfigurationSays(t *testing.T) {
	lower, _ := smallLondon(t)
	upper, authority := t.TempDir(), testkit.NewAuthority(t)
	ours := authority.Issue("london")
	authority.Write(upper, ours)
	authority.Write(lower, authority.Issue("nel"))
	addTo(t, filepath.Join(lower, "onelondon.yaml"), fmt.Sprintf(`
peers:
  instance: nel
  listen: 127.0.0.1:0
  certificate: peer.pem
  key: peer.key
  allow:
    - {instance: london, pins: ["%s"], organisations: all, roles: all, purposes: [TREAT, ETREAT, PATRQT], relationships: [registered, record],
      citizens: true, register: own, locate: true}
`, peer.PinOf(ours.Leaf)))
	below := serveFolder(t, lower)
	path := filepath.Join(upper, "onelondon.yaml")
	config := fmt.Sprintf(region, issuerName, audience, lower, "https://"+below.peers)
	if err := os.WriteFile(path, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	checked := say(t, "source", "check", "--config", path)
	if checked.code != exitFine || !strings.Contains(checked.out, "it is nel, and its sources hold Registration") ||
		!strings.Contains(checked.out, "furthest behind") {
		t.Errorf("exit %d: %s%s", checked.code, checked.out, checked.errs)
	}
	if err := os.WriteFile(filepath.Join(upper, "tokens.json"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	above, f := serveFolder(t, upper), heroine()
	for _, name := range []string{"gp", "receptionist", "ae_doctor", "citizen"} {
		who := f.callers[name]
		who.token = below.tokens[name]
		there, err := ask(t.Context(), below.url, who, f.heroine.NHSNumber.Reveal())
		if err != nil {
			t.Fatal(err)
		}
		here, err := ask(t.Context(), above.url, who, f.heroine.NHSNumber.Reveal())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(listed(t, there), strings.ReplaceAll(listed(t, here), `"source":"nel/`, `"source":"`)); diff != "" {
			t.Errorf("%s (-below +above):\n%s", name, diff)
		}
	}
}

// listed is everything on the lists of an answer, one item a line; nothing where nobody was shown.
func listed(t *testing.T, told answer) string {
	t.Helper()
	if told.patient == nil {
		return "nobody"
	}
	var lines strings.Builder
	p := told.patient
	for _, list := range []list{p.Allergies, p.Conditions, p.Medications, p.Observations, p.Encounters, p.Appointments, p.Contacts, p.Alerts} {
		for _, node := range list.Nodes {
			line, err := json.Marshal(node)
			if err != nil {
				t.Fatal(err)
			}
			lines.Write(append(line, '\n'))
		}
	}
	return lines.String()
}
