package consent_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"onelondon/internal/consent"
)

const header = "nhs_number,objection,reason,recorded_by,date\n"

func TestAFileIsRecordedInTheOrderOfItsLines(t *testing.T) {
	file := path(t)
	register := open(t, file)
	record(t, register, says(person(t, 9), consent.Upheld))
	one, two := person(t, 1), person(t, 2)
	text := "\ufeff" + header +
		one.Reveal() + ",requested,,clerk-7,2026-01-02\r\n" +
		two.Reveal()[:3] + " " + two.Reveal()[3:6] + " " + two.Reveal()[6:] + ",upheld,\"said so,\ntwice\",clerk-7,2026-01-03\n" +
		one.Reveal() + ",not_upheld,dialysis,clerk-8,2026-02-02\n"
	imported, err := register.Import(t.Context(), strings.NewReader(text), consent.Self)
	if err != nil || imported != (consent.Imported{Directives: 3, Revision: 4}) {
		t.Fatalf("imported %+v (%v)", imported, err)
	}
	for range 2 {
		expect(t, register, one, consent.ObjectionNotUpheld, 4)
		expect(t, register, two, consent.ObjectionUpheld, 4)
		closeNow(t, register)
		register = open(t, file)
	}
}

func TestEveryBadLineIsNamedAndNothingIsRecorded(t *testing.T) {
	register := open(t, path(t))
	good := person(t, 1).Reveal()
	text := header +
		good + ",upheld,,clerk,2026-01-02\n" +
		"9434765918,upheld,,clerk,2026-01-02\n" + // wrong check digit
		good + ",objects,,clerk,2026-01-02\n" +
		good + ",upheld,\"over\ntwo lines\",clerk,2026-01-02\n" +
		good + ",not_upheld,,clerk,2026-01-02\n" +
		good + ",upheld,,,2026-01-02\n" +
		good + ",upheld,,clerk,02/01/2026\n" +
		good + ",upheld,,clerk,2999-01-01\n" +
		good + ",upheld,clerk,2026-01-02\n" +
		good + ",upheld,a \"quoted\" word,clerk,2026-01-02\n" +
		good + ",upheld,,clerk,2026-01-02\n"
	_, err := register.Import(t.Context(), strings.NewReader(text), consent.Self)
	var faults *consent.ImportError
	if !errors.As(err, &faults) {
		t.Fatalf("importing gave %v", err)
	}
	want := []consent.LineError{
		{3, "the NHS number is not valid"},
		{4, "the objection is not one of requested, upheld, not_upheld, withdrawn"},
		{7, "an objection that is not upheld needs a reason"},
		{8, "nobody recorded it"},
		{9, "the date is not YYYY-MM-DD"},
		{10, "the date is in the future"},
		{11, "4 fields, expected 5"},
		{12, `not CSV: bare " in non-quoted-field`},
	}
	if diff := cmp.Diff(want, faults.Lines); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
	for _, mark := range []string{good, "9434765918", "objects", "02/01/2026", "quoted word"} {
		if strings.Contains(err.Error(), mark) {
			t.Errorf("the error quotes the file: %v", err)
		}
	}
	expect(t, register, person(t, 1), consent.ObjectionNone, 0)
}

func TestAFileThatIsNoListIsRefused(t *testing.T) {
	register := open(t, path(t))
	broken := errors.New("the disk is gone")
	good := person(t, 1).Reveal() + ",upheld,,clerk,2026-01-02\n"
	for _, c := range []struct {
		name      string
		file      io.Reader
		authority consent.Authority
		want      string
	}{
		{"nothing", strings.NewReader(""), consent.Self, "line 1: the header is not nhs_number"},
		{"no header", strings.NewReader(good), consent.Self, "line 1: the header is not nhs_number"},
		{"columns in another order", strings.NewReader("objection,nhs_number,reason,recorded_by,date\n"), consent.Self, "line 1: the header"},
		{"a header that is not CSV", strings.NewReader("a\"b\n"), consent.Self, "line 1: the header"},
		{"on nobody's word", strings.NewReader(header + good), "", "authority"},
		{"a file that breaks off", io.MultiReader(strings.NewReader(header+good), iotest.ErrReader(broken)), consent.Self, broken.Error()},
		{"many bad lines", strings.NewReader(header + strings.Repeat("x\n", 1500)), consent.Self, "1500 bad lines"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := register.Import(t.Context(), c.file, c.authority)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("importing gave %v, want %q", err, c.want)
			}
		})
	}
	if imported, err := register.Import(t.Context(), strings.NewReader(header), consent.Self); err != nil || imported.Directives != 0 {
		t.Errorf("a list of nobody gave %+v and %v", imported, err)
	}
	expect(t, register, person(t, 1), consent.ObjectionNone, 0)
}

// No file may make the import fail in another way than by naming lines, or quote a number that it holds.
func FuzzImport(f *testing.F) {
	f.Add(header + "9434765919,upheld,,clerk,2026-01-02\n")
	f.Add(header + "9434765919,\"upheld\n,,clerk,2026-01-02\n")
	f.Add("\ufeff\"nhs_number\",objection\n")
	register := open(f, path(f))
	f.Fuzz(func(t *testing.T, text string) {
		_, err := register.Import(t.Context(), strings.NewReader(text), consent.Self)
		var faults *consent.ImportError
		if err != nil && !errors.As(err, &faults) {
			t.Errorf("not an import error: %v", err)
		}
		if err != nil && strings.Contains(err.Error(), "9434765919") {
			t.Error("the error quotes the number")
		}
	})
}

func TestALongListIsTakenWhole(t *testing.T) {
	const people = 5000
	file := path(t)
	register := open(t, file)
	var text strings.Builder
	text.WriteString(header)
	for n := range people {
		fmt.Fprintf(&text, "%s,upheld,,clerk,2026-01-02\n", person(t, n).Reveal())
	}
	if _, err := register.Import(t.Context(), strings.NewReader(text.String()), consent.Self); err != nil {
		t.Fatal(err)
	}
	closeNow(t, register)
	register = open(t, file)
	for _, n := range []int{0, 1, people / 2, people - 1} {
		expect(t, register, person(t, n), consent.ObjectionUpheld, people)
	}
}
