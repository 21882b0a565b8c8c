package adversary_test

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"onelondon/examples/london"
	"onelondon/examples/london/trial"
	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/internal/consent"
)

// watched is a house whose leavings are looked through.
type watched struct {
	*trial.House
	cast   london.Cast
	marks  []string
	tokens []string
}

func watch(t *testing.T) *watched {
	t.Helper()
	c := build(t, people(marked))
	w := &watched{House: c.open(t), cast: c.cast, marks: marks(&c.cast)}
	directive := consent.Directive{Person: c.cast.Objector.NHSNumber, About: consent.SharedRecord{Step: consent.Upheld}, Authority: consent.Self,
		RecordedBy: "clerk", At: time.Now()}
	if _, err := w.Register.Record(t.Context(), directive); err != nil {
		t.Fatal(err)
	}
	return w
}

// token signs somebody in; the token is looked for afterwards like everything else.
func (w *watched) token(t *testing.T, person auth.Person) string {
	t.Helper()
	token := w.Token(t, person)
	w.tokens = append(w.tokens, token)
	return token
}

// leaves looks through everything that stays behind: the log, the metrics, the files on disk.
func (w *watched) leaves(t *testing.T) {
	t.Helper()
	marks := append([]string{}, w.marks...)
	for _, token := range w.tokens {
		parts := strings.Split(token, ".")
		marks = append(marks, strings.ToLower(parts[len(parts)-1]))
	}
	places := map[string]string{"the log": w.Logs.String(), "/metrics": w.Send(t, "GET", "/metrics", "", "").Body,
		"/readyz": w.Send(t, "GET", "/readyz", "", "").Body}
	files, err := filepath.Glob(filepath.Join(w.Folder, "*"))
	if err != nil || len(files) < 2 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		places[filepath.Base(file)] = string(raw)
	}
	for where, text := range places {
		if found := find(text, marks); len(found) > 0 {
			t.Errorf("%s holds %v", where, found)
		}
	}
}

// asker is somebody with a token, and whom they may see.
type asker struct {
	name string
	who  auth.Person
	may  []clinical.NHSNumber
}

func askers(cast *london.Cast) []asker {
	return []asker{
		{"her GP", trial.GP(heroinesPractice), []clinical.NHSNumber{cast.Heroine.NHSNumber}},
		{"a GP at the practice of those who hide", trial.GP("F84012"),
			[]clinical.NHSNumber{cast.Sealed.NHSNumber, cast.Conflict.NHSNumber, cast.Moved.NHSNumber}},
		{"an A&E doctor", trial.Emergency("RF4"),
			[]clinical.NHSNumber{cast.Heroine.NHSNumber, cast.Disputed.NHSNumber, cast.Retired.NHSNumber, cast.Former}},
		{"a receptionist", trial.Receptionist(heroinesPractice), []clinical.NHSNumber{cast.Heroine.NHSNumber}},
		{"the heroine herself", trial.Citizen(cast.Heroine.NHSNumber), []clinical.NHSNumber{cast.Heroine.NHSNumber}},
		{"a stranger", trial.GP("X99999"), nil},
		{"a member of the public who carries an S-flag", trial.Citizen(cast.SFlagged.NHSNumber), nil},
	}
}

func TestWhoMayNotSeeSomebodyGetsNothingOfThemAndNobodyLeavesATrace(t *testing.T) {
	w := watch(t)
	unknown, err := clinical.ParseNHSNumber("9434765919")
	if err != nil {
		t.Fatal(err)
	}
	asked := []clinical.NHSNumber{unknown, w.cast.Former}
	for _, character := range w.cast.Characters() {
		asked = append(asked, character.NHSNumber)
	}
	var all sync.WaitGroup // whoever is not shown is held back a moment
	for _, a := range askers(&w.cast) {
		token := w.token(t, a.who)
		for _, number := range asked {
			all.Go(func() { w.asks(t, a, token, number) })
		}
	}
	all.Wait()
	w.leaves(t)
}

// asks puts one question about one person: shown or not, as it must be, and nothing beside what is shown.
func (w *watched) asks(t *testing.T, a asker, token string, number clinical.NHSNumber) {
	may := slices.Contains(a.may, number)
	reply := w.Ask(t, token, strings.Replace(chartQuery(20), "Chart", "Zqquery", 1), map[string]any{"n": number.Reveal()})
	if shown := strings.Contains(reply.Body, `"patient":{`); shown != may {
		t.Errorf("%s: shown %t, want %t", a.name, shown, may)
	}
	left := fmt.Sprint(reply.Body, reply.Header)
	if may {
		left = withoutData(t, reply)
	}
	if found := find(left, w.marks); len(found) > 0 {
		t.Errorf("%s: beside the data %v", a.name, found)
	}
}

func TestWithoutAGoodTokenNothingIsAskedAndNothingIsSaid(t *testing.T) {
	w := watch(t)
	other, err := auth.NewIssuer(trial.Issuer, trial.Audience)
	if err != nil {
		t.Fatal(err)
	}
	sign := func(issuer *auth.Issuer, from time.Time) string {
		token, err := issuer.Sign(trial.GP(heroinesPractice), from, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		w.tokens = append(w.tokens, token)
		return token
	}
	good := sign(w.Issuer, time.Now())
	parts := strings.Split(good, ".")
	header := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`))
	for name, token := range map[string]string{
		"no token": "", "another's key": sign(other, time.Now()), "expired": sign(w.Issuer, time.Now().Add(-48*time.Hour)),
		"not yet": sign(w.Issuer, time.Now().Add(48*time.Hour)), "no signature": header + "." + parts[1] + ".",
		"a number as token": w.cast.Heroine.NHSNumber.Reveal(), "cut": good[:len(good)-8], "other claims": parts[0] + "." +
			base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"`+w.cast.Heroine.NHSNumber.Reveal()+`"}`)) + "." + parts[2],
	} {
		reply := w.Ask(t, token, chartQuery(5), map[string]any{"n": w.cast.Heroine.NHSNumber.Reveal()})
		if reply.Status != 401 || !strings.Contains(reply.Body, `"code":"UNAUTHENTICATED"`) || strings.Contains(reply.Body, `"data"`) {
			t.Errorf("%s: %d %s", name, reply.Status, reply.Body)
		}
		if found := find(fmt.Sprint(reply.Body, reply.Header), w.marks); len(found) > 0 {
			t.Errorf("%s: %v", name, found)
		}
	}
	w.leaves(t)
}

// anywhere are questions with a patient's number where none belongs. ~N~ stands for the number in one of its forms, ~V~
// for it as a name.
func anywhere() map[string]string {
	return map[string]string{
		"a malformed number":             `{"query":"{ patient(nhsNumber: \"~N~1\") { nhsNumber } }"}`,
		"a number in a list":             `{"query":"{ patient(nhsNumber: [\"~N~\"]) { nhsNumber } }"}`,
		"a number that is a number":      `{"query":"query($n: NHSNumber!) { patient(nhsNumber: $n) { nhsNumber } }","variables":{"n":{"~N~":1}}}`,
		"a variable nobody declared":     `{"query":"{ sources { id } }","variables":{"~V~":"~N~"}}`,
		"a variable's name":              `{"query":"query($~V~: NHSNumber!) { patient(nhsNumber: $~V~) { nhsNumber } }"}`,
		"an operation's name":            `{"query":"query ~V~ { sources { nothing } }","operationName":"~V~"}`,
		"an operation that is not there": `{"query":"query A { sources { id } }","operationName":"~V~"}`,
		"an alias of an error":           `{"query":"{ ~V~: patient(nhsNumber: \"123\") { nhsNumber } }"}`,
		"an alias of a bad cursor":       `{"query":"{ ~V~: patient(nhsNumber: \"~N~\") { ~V~: allergies(after: \"x\") { nodes { id } } } }"}`,
		"an alias that conflicts":        `{"query":"{ ~V~: sources { id } ~V~: patient(nhsNumber: \"~N~\") { nhsNumber } }"}`,
		"a comment":                      `{"query":"{ sources { nothing } } # ~N~"}`,
		"a directive":                    `{"query":"{ sources @~V~ { id } }"}`,
		"a directive's argument":         `{"query":"{ sources @include(if: \"~N~\") { id } }"}`,
		"a field":                        `{"query":"{ ~V~ }"}`,
		"an enum":                        `{"query":"{ patient(nhsNumber: \"~N~\") { timeline(kinds: [~V~]) { nodes { __typename } } } }"}`,
		"a fragment":                     `{"query":"{ ...~V~ }"}`,
		"a type":                         `{"query":"{ ... on ~V~ { id } }"}`,
		"a cursor":                       `{"query":"{ patient(nhsNumber: \"~N~\") { allergies(after: \"~N~\") { nodes { id } } } }"}`,
		"a date":                         `{"query":"{ patient(nhsNumber: \"~N~\") { allergies(filter: {from: \"~N~\"}) { nodes { id } } } }"}`,
		"a page's length":                `{"query":"{ patient(nhsNumber: \"~N~\") { allergies(first: ~N~) { nodes { id } } } }"}`,
		"a string that does not end":     `{"query":"{ patient(nhsNumber: \"~N~) { nhsNumber } }"}`,
		"JSON that does not end":         `{"query":"~N~`,
		"a key":                          `{"~N~":"{ sources { id } }"}`,
		"an extension":                   `{"query":"{ nothing }","extensions":{"~N~":"~N~"}}`,
	}
}

func TestAPatientsNumberInAnyPlaceOfABadQuestionIsNeverRepeated(t *testing.T) {
	w := watch(t)
	token := w.token(t, trial.GP(heroinesPractice))
	n := w.cast.Heroine.NHSNumber.Reveal()
	for _, form := range []string{n, n[:3] + " " + n[3:6] + " " + n[6:], n[:3] + "-" + n[3:6] + "-" + n[6:]} {
		for where, body := range anywhere() {
			body = strings.NewReplacer("~N~", form, "~V~", "a"+n).Replace(body)
			for _, accept := range []string{"application/json", "application/graphql-response+json"} {
				reply := w.Send(t, "POST", "/graphql", token, body, "Accept", accept)
				if found := find(withoutData(t, reply), w.marks); len(found) > 0 {
					t.Errorf("%s: %v in %s", where, found, reply.Body)
				}
			}
		}
		for _, header := range []string{"X-Request-Id", "X-Purpose-Of-Use", "Accept", "Content-Type", "User-Agent", "X-Forwarded-For", "Traceparent"} {
			for _, value := range []string{form, "patient-" + form, form + "-zqquery"} {
				reply := w.Ask(t, token, "{ sources { id } }", nil, header, value)
				if found := find(withoutData(t, reply), w.marks); len(found) > 0 {
					t.Errorf("the header %s: %v", header, found)
				}
			}
		}
	}
	for _, path := range []string{"/" + n, "/graphql/" + n, "/graphql?query={patient(nhsNumber:%22" + n + "%22){nhsNumber}}", "/console/" + n} {
		if reply := w.Send(t, "GET", path, token, ""); len(find(fmt.Sprint(reply.Body, reply.Header), w.marks)) > 0 {
			t.Errorf("%s: %s", path, reply.Body)
		}
	}
	w.leaves(t)
}

// What a doctor types to claim a relationship is kept in the ledger for the privacy officer. People type numbers into it.
func TestANumberTypedIntoAClaimIsNotKeptInClear(t *testing.T) {
	w := watch(t)
	n := w.cast.Heroine.NHSNumber.Reveal()
	token := w.token(t, trial.Emergency("RQX"))
	reply := w.Ask(t, token, `query Zqquery($n: NHSNumber!, $why: String) { patient(nhsNumber: $n, claimedRelationship: $why) { nhsNumber } }`,
		map[string]any{"n": n, "why": "unconscious in resus, " + n[:3] + " " + n[3:6] + " " + n[6:] + " or " + n})
	if reply.Status != 200 || !strings.Contains(reply.Body, `"patient":{`) {
		t.Fatalf("%d %s", reply.Status, reply.Body)
	}
	w.leaves(t)
}

// The name in a citizen's token is a patient's.
func TestACitizensNameIsNotKeptInClear(t *testing.T) {
	w := watch(t)
	person := trial.Citizen(w.cast.Heroine.NHSNumber)
	person.Name = "Zqgiven Zqfamily"
	chart(t, w.House, w.token(t, person), w.cast.Heroine.NHSNumber)
	w.leaves(t)
}
