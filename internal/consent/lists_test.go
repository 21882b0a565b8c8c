package consent_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/clinical"
	"onelondon/internal/consent"
)

var asAt = time.Date(2026, 11, 19, 6, 0, 0, 0, time.UTC)

// mesh is a MESH list of the people with these places.
func mesh(t testing.TB, places ...int) string {
	t.Helper()
	var text strings.Builder
	for _, n := range places {
		fmt.Fprintf(&text, "%s,\n", person(t, n).Reveal())
	}
	return text.String()
}

func reply(asked, replied string) consent.Import {
	return consent.Import{Form: consent.MESH, Asked: strings.NewReader(asked), File: strings.NewReader(replied), AsAt: asAt, RecordedBy: "IG team"}
}

func expectOptOut(t *testing.T, register *consent.Register, who clinical.NHSNumber, want consent.OptOut) {
	t.Helper()
	state, _, err := register.State(who)
	if err != nil || state.OptOuts.National != want {
		t.Errorf("got %v (%v), want %v", state.OptOuts.National, err, want)
	}
}

func TestWhoIsMissingFromTheReplyHasOptedOut(t *testing.T) {
	register := open(t, path(t))
	record(t, register, about(person(t, 2), consent.OptOutChoice{List: consent.ListNational, Standing: consent.NotOptedOut}))
	imported, err := register.Import(t.Context(), reply(mesh(t, 1, 2, 3, 4), mesh(t, 4, 2)))
	if err != nil || imported != (consent.Imported{Lines: 4, Directives: 4, Revision: 5}) { // two, three and four; not two again; and the list
		t.Fatalf("imported %+v (%v)", imported, err)
	}
	for n, want := range []consent.OptOut{consent.OptOutUnknown, consent.OptedOut, consent.NotOptedOut, consent.OptedOut, consent.NotOptedOut} {
		expectOptOut(t, register, person(t, n), want)
	}
	if at, known := register.Freshness(consent.ListNational); !known || !at.Equal(asAt) {
		t.Errorf("as at %v, known %v", at, known)
	}
	// Next week one has changed their mind, and the week is noted though nobody else has.
	imported, err = register.Import(t.Context(), reply(mesh(t, 1, 2, 3, 4), mesh(t, 2, 3, 4)))
	if err != nil || imported.Directives != 2 {
		t.Fatalf("imported %+v (%v)", imported, err)
	}
	expectOptOut(t, register, person(t, 3), consent.NotOptedOut)
}

// What somebody said for a time only must not pass for what the list says.
func TestAReplyHoldsBeyondWhatWasSaidForATime(t *testing.T) {
	register, who := open(t, path(t)), person(t, 1)
	timed := about(who, consent.OptOutChoice{List: consent.ListNational, Standing: consent.NotOptedOut})
	timed.Until = time.Now().Add(time.Hour)
	record(t, register, timed)
	if imported, err := register.Import(t.Context(), reply(mesh(t, 1), mesh(t, 1))); err != nil || imported.Directives != 2 {
		t.Fatalf("imported %+v (%v)", imported, err)
	}
	state, _, err := register.State(who)
	if err != nil || state.OptOuts.National != consent.NotOptedOut {
		t.Errorf("got %+v (%v)", state, err)
	}
}

func TestEveryBadLineOfAMESHListIsToldAndNothingIsRecorded(t *testing.T) {
	register, one, two := open(t, path(t)), person(t, 1).Reveal(), person(t, 2).Reveal()
	what := reply(one+",\n"+two+"\n"+one+",\r\n\n9434765918,\n"+one+", \n"+strings.Repeat("1", 200_000)+"\n"+two, one+",\n"+two+",\n")
	var told []consent.LineError
	what.Fault = func(line consent.LineError) { told = append(told, line) }
	_, err := register.Import(t.Context(), what)
	var faults *consent.ImportError
	if !errors.As(err, &faults) {
		t.Fatalf("importing gave %v", err)
	}
	want := []consent.LineError{
		{true, 2, "there is no comma after the number"},
		{true, 3, "the line ends in CR LF, expected LF alone"},
		{true, 4, "the line is empty"},
		{true, 5, "the NHS number is not valid"},
		{true, 6, "there is something after the comma"},
		{true, 7, "there is no comma after the number"},
		{true, 8, "the line does not end in LF: the file may be cut off"},
		{false, 2, "the number was not asked about"},
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, faults.Lines); diff != "" {
		t.Errorf("in the error (-want +got):\n%s", diff)
	}
	expect(t, register, person(t, 1), consent.ObjectionNone, 0)
}

func TestAnImportThatCannotBeMeantIsRefused(t *testing.T) {
	register, good := open(t, path(t)), mesh(t, 1)
	with := func(spoil func(*consent.Import)) consent.Import {
		what := reply(good, good)
		spoil(&what)
		return what
	}
	for _, c := range []struct {
		name, want string
		what       consent.Import
	}{
		{"an empty reply", "the reply is empty", reply(good, "")},
		{"nobody asked about", "nobody was asked about", reply("", "")},
		{"a reply to nothing", "needs the list of numbers", with(func(i *consent.Import) { i.Asked = nil })},
		{"at no time", "the moment", with(func(i *consent.Import) { i.AsAt = time.Time{} })},
		{"by nobody", "nobody recorded", with(func(i *consent.Import) { i.RecordedBy = "" })},
		{"no file", "no file", with(func(i *consent.Import) { i.File = nil })},
		{"of next week", "in the future", with(func(i *consent.Import) { i.AsAt = time.Now().Add(200 * time.Hour) })},
		{"objections as a whole list", "no list that is ever whole", consent.Import{Form: consent.Objections, File: strings.NewReader(header), AsAt: asAt}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := register.Import(t.Context(), c.what); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("importing gave %v, want %q", err, c.want)
			}
		})
	}
	expect(t, register, person(t, 1), consent.ObjectionNone, 0)
}

const decisions = "NhsNumber,PatientInstructionCategory,PatientInstructionState,InstructionDate\n"

func TestLondonsOptOutsAreReadAsIDecideWritesThem(t *testing.T) {
	register := open(t, path(t))
	one, two := person(t, 1), person(t, 2)
	text := "DecisionId," + decisions +
		"5f1c," + one.Reveal() + ",Local opt-out,optout,11/20/2025 09:30:00 +00:00\n" +
		"5f1d," + two.Reveal() + ",Local opt-out,optin,2025-11-21T10:00:00Z\n" +
		"5f1e," + one.Reveal() + ",Local opt-out,optin,2025-12-01\n"
	what := consent.Import{Form: consent.IDecide, File: strings.NewReader(text), RecordedBy: "IDecide", AsAt: asAt}
	imported, err := register.Import(t.Context(), what)
	if err != nil || imported != (consent.Imported{Lines: 3, Directives: 4, Revision: 4}) {
		t.Fatalf("imported %+v (%v)", imported, err)
	}
	for _, who := range []clinical.NHSNumber{one, two} {
		if state, _, err := register.State(who); err != nil || state.OptOuts != (consent.OptOuts{London: consent.NotOptedOut}) {
			t.Errorf("got %+v (%v)", state, err)
		}
	}
	history, err := register.History(t.Context(), one)
	if err != nil || len(history) != 2 || history[0].Evidence != "5f1c" || history[0].At.Format(time.DateTime) != "2025-11-20 09:30:00" {
		t.Errorf("history %+v (%v)", history, err)
	}
}

func TestEveryBadLineOfASheetIsToldByItsNumber(t *testing.T) {
	register, one := open(t, path(t)), person(t, 1).Reveal()
	for _, c := range []struct {
		form consent.Form
		text string
		want []consent.LineError
	}{
		{consent.IDecide, decisions + one + ",a,optout,2025-12-01\n" + one + ",b,optout,2025-12-01\n" + one + ",a,OptOut,2025-12-01\n" +
			one + ",a,optout,yesterday\n9434765918,a,optout,2025-12-01\n" + one + ",a,optout\n", []consent.LineError{
			{false, 3, "the category is not the one that is imported"},
			{false, 4, "the state is neither optout nor optin"},
			{false, 5, "the date is not in a form that is known, such as 2026-01-02T15:04:05Z"},
			{false, 6, "the NHS number is not valid"},
			{false, 7, "3 fields, expected 4"}}},
		{consent.IDecide, "NhsHash,PatientInstructionCategory,PatientInstructionState,InstructionDate\n", []consent.LineError{{false, 1,
			"the header is not NhsNumber,PatientInstructionCategory,PatientInstructionState,InstructionDate: the numbers are hashed, ask for the file with the numbers"}}},
		{consent.TypeOne, "nhs_number,state,date\n" + one + ",opted_out,2025-12-01\n" + one + ",out,2025-12-01\n" + one + ",withdrawn,1/12/25\n", []consent.LineError{
			{false, 3, "the opt-out is not one of opted_out, not_opted_out, withdrawn"},
			{false, 4, "the date is not YYYY-MM-DD"}}},
	} {
		what := consent.Import{Form: c.form, File: strings.NewReader(c.text), RecordedBy: "IG team"}
		var told []consent.LineError
		what.Fault = func(line consent.LineError) { told = append(told, line) }
		_, err := register.Import(t.Context(), what)
		if diff := cmp.Diff(c.want, told); diff != "" || err == nil || strings.Contains(err.Error(), one) {
			t.Errorf("%s: %v; told (-want +got):\n%s", c.form, err, diff)
		}
	}
	expect(t, register, person(t, 1), consent.ObjectionNone, 0)
}

// export writes what a reader beside the register finds.
func export(t *testing.T, file string, form consent.Form, after consent.Revision) (string, consent.Exported) {
	t.Helper()
	reader, err := consent.OpenReader(t.Context(), consent.Options{Path: file, Key: key, Log: nobodySay})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	var out strings.Builder
	exported, err := reader.Export(t.Context(), form, after, &out)
	if err != nil {
		t.Fatal(err)
	}
	return out.String(), exported
}

func TestWhatIsExportedIsByteForByteWhatWasImported(t *testing.T) {
	file := path(t)
	register := open(t, file)
	one, two := person(t, 1).Reveal(), person(t, 2).Reveal()
	places := make([]int, 3000)
	for n := range places {
		places[n] = n
	}
	slices.SortFunc(places, func(a, b int) int { return strings.Compare(person(t, a).Reveal(), person(t, b).Reveal()) })
	texts := map[consent.Form]string{
		consent.Objections: header + one + ",requested,\"said so, \"\"twice\"\"\",clerk,2026-01-02\n" + two + ",upheld,,clerk-8,2026-01-03\n",
		consent.TypeOne:    "nhs_number,state,date\n" + two + ",opted_out,2026-01-02\n" + one + ",not_opted_out,2026-01-02\n" + two + ",withdrawn,2026-02-03\n",
		consent.IDecide: decisions + one + ",London Data Service opt-out,optout,2025-11-20T09:30:00Z\n" +
			two + ",London Data Service opt-out,optin,2025-11-20T09:31:00Z\n",
		consent.MESH: mesh(t, places[7:2500]...),
	}
	for form, text := range texts {
		what := consent.Import{Form: form, File: strings.NewReader(text), RecordedBy: "IG team"}
		if form == consent.MESH {
			what = reply(mesh(t, places...), text)
		}
		if _, err := register.Import(t.Context(), what); err != nil {
			t.Fatal(err)
		}
	}
	for form, want := range texts {
		if got, exported := export(t, file, form, 0); got != want || exported.Revision != register.Revision() || exported.Unnamed != 0 {
			t.Errorf("%s: %+v, %d bytes of %d", form, exported, len(got), len(want))
		}
	}
	last := register.Revision()
	record(t, register, says(person(t, 9), consent.Withdrawn))
	if got, exported := export(t, file, consent.Objections, last); exported.Lines != 1 || !strings.HasPrefix(got, header+person(t, 9).Reveal()+",withdrawn,") {
		t.Errorf("after revision %d: %+v, %s", last, exported, got)
	}
	if got, _ := export(t, file, consent.MESH, last); got != "" {
		t.Errorf("after revision %d somebody changed their mind: %s", last, got)
	}
}

func TestAReaderVerifiesAndProjectsNothing(t *testing.T) {
	file := path(t)
	write(t, file, person(t, 1),
		`{"form":1,"about":"shared_record","step":"upheld","authority":"self","recordedBy":"clerk","at":"2026-01-02T00:00:00Z"}`)
	if got, exported := export(t, file, consent.Objections, 0); got != header || exported.Unnamed != 1 {
		t.Errorf("%+v: %s", exported, got)
	}
	reader, err := consent.OpenReader(t.Context(), consent.Options{Path: file, Key: key, Log: nobodySay})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if report, err := reader.Verify(t.Context()); err != nil || !report.Intact() || report.Entries != 1 {
		t.Errorf("report %+v (%v)", report, err)
	}
	if _, _, err := reader.State(person(t, 1)); !errors.Is(err, consent.ErrUnavailable) {
		t.Errorf("its State gave %v", err)
	}
	if _, err := reader.Record(t.Context(), says(person(t, 1), consent.Withdrawn)); !errors.Is(err, consent.ErrUnavailable) {
		t.Errorf("its Record gave %v", err)
	}
}

// No file may make the import fail in another way than by naming lines or saying that it cannot be meant, or be quoted.
func FuzzMESH(f *testing.F) {
	f.Add("9434765919,\n", "9434765919,\n")
	f.Add("9434765919,\n9434765870,\n", "9434765870,\r\n")
	f.Add("9434765919", ",")
	f.Add("943 476 5919,\n\n", "9434765919,9434765919,\n")
	register := open(f, path(f))
	f.Fuzz(func(t *testing.T, asked, replied string) {
		imported, err := register.Import(t.Context(), reply(asked, replied))
		var faults *consent.ImportError
		if err != nil && !errors.As(err, &faults) && !errors.Is(err, consent.ErrDirective) {
			t.Errorf("not an import error: %v", err)
		}
		if err != nil && strings.Contains(err.Error(), "94347") {
			t.Error("the error quotes the number")
		}
		if err == nil && imported.Lines != strings.Count(asked, "\n") {
			t.Errorf("%d lines of %d", imported.Lines, strings.Count(asked, "\n"))
		}
	})
}
