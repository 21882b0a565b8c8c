package clinical_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"

	"onelondon/internal/clinical"
	"onelondon/internal/testkit"
)

func TestNHSNumbersOfPublicValidators(t *testing.T) {
	file, err := os.Open(testkit.Shared(t, "data/nhs-number/vectors.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		number, err := clinical.ParseNHSNumber(row[0])
		if valid := row[1] == "valid"; valid != (err == nil) {
			t.Errorf("%q: %v, but the vector says %s", row[0], err, row[1])
		} else if valid && len(number.Reveal()) != 10 {
			t.Errorf("%q reads as %d digits", row[0], len(number.Reveal()))
		}
	}
}

func TestTheTestRangeHoldsTheKnownCountOfNumbers(t *testing.T) {
	valid := 0
	for i := range 10_000_000 {
		if _, err := clinical.ParseNHSNumber(fmt.Sprintf("999%07d", i)); err == nil {
			valid++
		}
	}
	if valid != 909_091 {
		t.Errorf("%d valid numbers between 999 000 0000 and 999 999 9999, want 909091", valid)
	}
}

// The check digit is right, and systems write it for everybody whose number is not known.
func TestTenNoughtsAreNoNumber(t *testing.T) {
	for _, text := range []string{"0000000000", "000 000 0000"} {
		if _, err := clinical.ParseNHSNumber(text); err != clinical.ErrNHSNumber {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestAnNHSNumberMasksItselfWhereverItIsPrinted(t *testing.T) {
	number, err := clinical.ParseNHSNumber("9990000018")
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("asked", "person", number, "all", struct{ N clinical.NHSNumber }{number})
	encoded, err := json.Marshal(map[string]any{"person": number, "in": []clinical.NHSNumber{number}})
	if err != nil {
		t.Fatal(err)
	}
	for _, printed := range []string{fmt.Sprint(number), fmt.Sprintf("%v %+v %#v %s %q", number, number, number, number, number),
		fmt.Sprintf("%+v", struct{ N clinical.NHSNumber }{number}), log.String(), string(encoded)} {
		if strings.Contains(printed, "9990000018") || strings.Contains(printed, "999 000") {
			t.Errorf("printed in clear: %s", printed)
		}
	}
}

func FuzzParseNHSNumber(f *testing.F) {
	f.Add("9990000018")
	f.Add("999 000 0018")
	f.Add("999-000-0018")
	f.Fuzz(func(t *testing.T, text string) {
		number, err := clinical.ParseNHSNumber(text)
		if err != nil {
			return
		}
		again, err := clinical.ParseNHSNumber(number.Reveal())
		if err != nil || again != number {
			t.Fatalf("what was read does not read again")
		}
	})
}
