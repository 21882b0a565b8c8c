package config_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/config"
	"onelondon/policy/approval"
)

// update is a command-line flag, not state: go test ./internal/config -update writes the goldens anew.
var update = flag.Bool("update", false, "write the golden messages anew")

const testKey = "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100"

func load(t *testing.T, name string) (*config.Config, error) {
	t.Helper()
	t.Setenv("ONELONDON_TEST_CURSOR_KEY", testKey)
	t.Setenv("ONELONDON_TEST_PASSWORD", "hunter2")
	return config.Load(name, os.DirFS("testdata/site"))
}

func TestEveryKeyIsRead(t *testing.T) {
	got, err := load(t, "testdata/full.yaml")
	if err != nil {
		t.Fatal(err)
	}
	site, err := filepath.Abs("testdata/site")
	if err != nil {
		t.Fatal(err)
	}
	if got.Listen != "0.0.0.0:8443" || got.TLS.Certificate != site+"/cert.pem" || got.Policy.Folder != site+"/policy" ||
		got.Consent != (config.Register{File: site + "/consent.db"}) || got.Ledger != site+"/ledger.db" {
		t.Errorf("places: %+v", got)
	}
	if want := (config.Auth{Issuer: "https://identity.example", Audience: "onelondon", Keys: "https://identity.example/keys"}); got.Auth != want {
		t.Errorf("auth: %+v", got.Auth)
	}
	if got.Secrets.Person.IsZero() || got.Secrets.Cursor.IsZero() || got.Secrets.Person == got.Secrets.Cursor {
		t.Error("the two keys are not read")
	}
	wantLimits := config.Limits{Deadline: 4 * time.Second, Bedside: 700 * time.Millisecond, Body: 64 << 10, Tokens: 5000, Depth: 12, Aliases: 20, Complexity: 9000, People: 5}
	if diff := cmp.Diff(wantLimits, got.Limits); diff != "" {
		t.Errorf("limits (-want +got):\n%s", diff)
	}
	if got.GraphQL != (config.GraphQL{}) || got.Log != (config.Log{Level: slog.LevelDebug}) {
		t.Errorf("graphql %+v, log %+v", got.GraphQL, got.Log)
	}
	if len(got.Superseded) != 1 || got.Superseded[0].Old.Reveal() != "9990000018" || got.Superseded[0].Current.Reveal() != "9990000026" {
		t.Error("the retired number is not read")
	}
}

func TestStudiesAreRead(t *testing.T) {
	got, err := load(t, "testdata/full.yaml")
	if err != nil {
		t.Fatal(err)
	}
	site, err := filepath.Abs("testdata/site")
	if err != nil {
		t.Fatal(err)
	}
	want := config.Studies{Folder: site + "/studies", Codelists: site + "/codelists", Boroughs: map[clinical.Text]string{"F84022": "Newham", "F86030": "Waltham Forest"},
		Deadline: 90 * time.Second, Keep: 20 * time.Minute, Memory: 64 << 20}
	if diff := cmp.Diff(want, got.Studies); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if least, err := load(t, "testdata/least.yaml"); err != nil || least.Studies.Folder != "" {
		t.Errorf("a site without studies takes them: %+v (%v)", least, err)
	}
}

func TestOrganisationsHaveNames(t *testing.T) {
	got, err := load(t, "testdata/full.yaml")
	if err != nil {
		t.Fatal(err)
	}
	want := map[clinical.Text]clinical.Text{"F84022": "STRATFORD HEALTH CENTRE", "F86030": "QUEENS ROAD MEDICAL CENTRE", "R1H": "BARTS HEALTH NHS TRUST"}
	if diff := cmp.Diff(want, got.Organisations); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTheRegisterMayBeInADatabase(t *testing.T) {
	got, err := load(t, "testdata/replicas.yaml")
	want := config.Register{PostgreSQL: "postgres://register:hunter2@db.example/register", Create: true}
	if err != nil || got.Consent != want {
		t.Errorf("created %v, err %v", got != nil && got.Consent.Create, err)
	}
}

func TestSourcesAreRead(t *testing.T) {
	got, err := load(t, "testdata/full.yaml")
	if err != nil {
		t.Fatal(err)
	}
	clinic, trust := got.Sources[0], got.Sources[1]
	if clinic.ID != "clinic" || clinic.Name != "The clinic" || clinic.System != "clinic" || clinic.Organisation != "F84001" ||
		clinic.Driver != config.SQLite || filepath.Base(clinic.DSN) != "clinic.db" || clinic.Mapping == nil {
		t.Errorf("clinic: %+v", clinic)
	}
	if clinic.Deadline != 1500*time.Millisecond || clinic.Concurrency != 4 || clinic.Study.Deadline != 45*time.Second || !clinic.Discreet || clinic.Limits.Rows != 1000 ||
		clinic.Limits.Bytes != 2<<20 || clinic.Connections != 3 || clinic.Refresh != 10*time.Minute {
		t.Errorf("clinic's limits: %+v", clinic)
	}
	if trust.Driver != config.PostgreSQL || trust.DSN != "postgres://reader:hunter2@db.trust.example/pas" || trust.Refresh != time.Hour {
		t.Errorf("trust: %s, %s, %v", trust.Driver, trust.ID, trust.Refresh)
	}
	if _, ok := trust.Mapping.Records[clinical.KindRegistration]; !ok {
		t.Error("the bundled mapping is not read")
	}
}

func TestTheLeastThatIsNeededHasDefaults(t *testing.T) {
	got, err := load(t, "testdata/least.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if !got.GraphQL.Console || !got.GraphQL.Introspection || !got.Log.JSON || got.Log.Level != slog.LevelInfo {
		t.Errorf("graphql %+v, log %+v", got.GraphQL, got.Log)
	}
	if got.Sources[0].Refresh != 5*time.Minute || got.Policy.Bundled() || got.Policy.Folder != "" || got.Limits != (config.Limits{}) {
		t.Errorf("got %+v", got)
	}
}

func TestEveryFaultIsToldWithItsPlace(t *testing.T) {
	files, err := filepath.Glob("testdata/*.bad.yaml")
	if err != nil || len(files) < 40 {
		t.Fatalf("%d bad configurations: %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".bad.yaml"), func(t *testing.T) {
			_, err := load(t, file)
			var faults config.Faults
			if !errors.As(err, &faults) || len(faults) == 0 {
				t.Fatalf("got %v, want faults", err)
			}
			golden := strings.TrimSuffix(file, ".bad.yaml") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(err.Error()+"\n"), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, readErr := os.ReadFile(golden)
			if readErr != nil {
				t.Fatal(readErr)
			}
			if diff := cmp.Diff(string(want), err.Error()+"\n"); diff != "" {
				t.Errorf("message (-want +got):\n%s", diff)
			}
			for _, secret := range []string{"hunter2", "00112233", "9990000018"} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("the message repeats %s", secret)
				}
			}
		})
	}
}

func TestAFileThatIsNotThereIsNoFaultOfItsContent(t *testing.T) {
	_, err := load(t, "testdata/nowhere.yaml")
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestKeysMaskThemselves(t *testing.T) {
	got, err := load(t, "testdata/full.yaml")
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := json.Marshal(got.Secrets)
	if err != nil {
		t.Fatal(err)
	}
	var logged strings.Builder
	slog.New(slog.NewTextHandler(&logged, nil)).Info("keys", "cursor", got.Secrets.Cursor, "all", got.Secrets)
	for _, text := range []string{string(encoded), logged.String(), fmt.Sprintf("%v %+v %#v %s", got.Secrets, got.Secrets, got.Secrets, got.Secrets)} {
		if strings.Contains(text, "255 238") || strings.Contains(text, "0xff") || strings.Contains(text, testKey) {
			t.Errorf("a key shows in %s", text)
		}
	}
}

func TestAPolicyMayComeFromABundleServer(t *testing.T) {
	t.Setenv("ONELONDON_TEST_TOKEN", "hunter2")
	got, err := load(t, "testdata/bundle.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p := got.Policy
	if !p.Bundled() || p.URL != "https://rules.example/london.tar.gz" || p.Poll != 30*time.Second || p.Token.Reveal() != "hunter2" ||
		filepath.Base(p.History) != "policy.history" || filepath.Base(p.Codelists) != "codelists" {
		t.Errorf("places: %+v", p)
	}
	if len(p.Keys) != 1 || p.Keys[0].ID != "build" || p.Keys[0].Public == nil {
		t.Errorf("keys: %+v", p.Keys)
	}
	if len(p.Approval.Approvers) != 3 || p.Approval.Needed != 3 || p.Approval.Approvers[2].Name != "Cleo Citizen" ||
		p.Approval.Approvers[2].Role != approval.Lay || p.Approval.Approvers[2].Key == nil {
		t.Errorf("approvers: %+v", p.Approval)
	}
	for _, text := range []string{fmt.Sprint(p), fmt.Sprintf("%#v", p), fmt.Sprintf("%+v", p.Token)} {
		if strings.Contains(text, "hunter2") {
			t.Errorf("the token is printed: %s", text)
		}
	}
}

func TestAFHIRServerIsRead(t *testing.T) {
	got, err := load(t, "testdata/fhir.yaml")
	if err != nil {
		t.Fatal(err)
	}
	trust, clinic := got.Sources[0], got.Sources[1]
	if trust.Driver != config.FHIRServer || trust.DSN != "https://fhir.trust.example/R4" || trust.Organisation != "R1H" || trust.Mapping != nil ||
		trust.System != "fhir-r4" || !trust.FHIR.NoBatch || !trust.FHIR.Labelled || trust.FHIR.Authorities == nil {
		t.Errorf("trust: %+v", trust)
	}
	if o := trust.FHIR.OAuth; o.URL != "https://login.trust.example/token" || o.Client != "onelondon" || o.Scope != "system/*.rs" || o.Secret.Reveal() != "hunter2" {
		t.Errorf("oauth: %+v", o)
	}
	if clinic.FHIR.Token.Reveal() != "hunter2" || clinic.FHIR.NoBatch || clinic.FHIR.Labelled || clinic.FHIR.Authorities != nil || clinic.FHIR.OAuth != (config.OAuth{}) {
		t.Errorf("clinic: %+v", clinic)
	}
	if o := got.Sources[2].FHIR.OAuth; !strings.HasSuffix(o.Key, filepath.Join("site", "spine.pem")) || o.KeyID != "key-1" || o.Algorithm != "RS512" || o.Secret.Reveal() != "" {
		t.Errorf("spine: %+v", o)
	}
	if strings.Join(clinic.FHIR.Aliases, " ") != "http://fhir.internal:8080/fhir https://fhir.clinic.example" || trust.FHIR.Aliases != nil {
		t.Errorf("aliases: %v, %v", clinic.FHIR.Aliases, trust.FHIR.Aliases)
	}
	if exported := got.Sources[3]; filepath.Base(exported.Files) != "site" || exported.DSN != "" || !exported.FHIR.Labelled {
		t.Errorf("exported: %+v", exported)
	}
	for _, shown := range []string{fmt.Sprint(trust), fmt.Sprintf("%+v", clinic.FHIR), fmt.Sprintf("%#v", trust.FHIR.OAuth)} {
		if strings.Contains(shown, "hunter2") {
			t.Errorf("a secret shows in %s", shown)
		}
	}
}

func TestAnOpenEHRServerIsRead(t *testing.T) {
	got, err := load(t, "testdata/openehr.yaml")
	if err != nil {
		t.Fatal(err)
	}
	plans := got.Sources[0]
	if plans.Driver != config.OpenEHRServer || plans.DSN != "https://ehr.example/rest/openehr" || plans.System != "plans" || !plans.Mapping.Paths ||
		plans.OpenEHR.User != "us" || plans.OpenEHR.Password.Reveal() != "hunter2" || plans.OpenEHR.Authorities == nil || plans.OpenEHR.Token != "" {
		t.Errorf("plans: %+v", plans)
	}
	ward, exported := got.Sources[1], got.Sources[2]
	if o := ward.OpenEHR.OAuth; o.URL != "https://login.ward.example/token" || o.Client != "onelondon" || o.Secret.Reveal() != "hunter2" || !ward.OpenEHR.Wide || plans.OpenEHR.Wide {
		t.Errorf("ward: %+v", o)
	}
	if filepath.Base(exported.Files) != "site" || exported.DSN != "" || !exported.Mapping.Paths {
		t.Errorf("exported: %+v", exported)
	}
	if shown := fmt.Sprintf("%+v", plans.OpenEHR); strings.Contains(shown, "hunter2") {
		t.Errorf("a secret shows in %s", shown)
	}
}
