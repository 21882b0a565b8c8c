package everyday_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"onelondon/examples/london/trial"
	"onelondon/internal/audit/feed"
)

const beTold = `mutation($told: Boolean!) { askToBeTold(input: {told: $told}) { consentRevision } }`

// From the wish to be told, over an access, to the line from which a site's own service writes to the person.
func TestWhoAsksToBeToldHasALineInTheFeedForEachAccessAndNobodyElseHas(t *testing.T) {
	h := openHouse(t)
	citizen := trial.Citizen(number(t, grace))
	seen(t, h, trial.GP(practice), nil)
	must(t, h, citizen, beTold, map[string]any{"told": true})
	seen(t, h, trial.GP(practice), nil)
	lines, last := notices(t, h, 0)
	if len(lines) != 1 || lines[0].Event != "access" || lines[0].Organisation != practice || lines[0].RoleCode != "R0260" ||
		lines[0].Purpose != "TREAT" || lines[0].Emergency || lines[0].Line != 7 || lines[0].Subject != h.Ledger.Person(number(t, grace)) {
		t.Fatalf("the feed has %+v", lines)
	}
	must(t, h, emergency(), breakGlass, map[string]any{"who": grace})
	must(t, h, trial.Receptionist(practice), recordWithdrawal, saidSo("form 12"))
	lines, last = notices(t, h, last)
	if len(lines) != 2 || lines[0].Event != "break_glass" || !lines[0].Emergency || lines[1].Event != "preference" || lines[1].RoleCode != "R1730" {
		t.Fatalf("since then it has %+v", lines)
	}
	must(t, h, citizen, beTold, map[string]any{"told": false})
	seen(t, h, trial.GP(practice), nil)
	if lines, _ = notices(t, h, last); len(lines) != 0 {
		t.Errorf("after she no longer asks it has %+v", lines)
	}
}

// notices reads the feed as onelondon audit notices --for - does for somebody who stands on the seventh line.
func notices(t *testing.T, h *trial.House, after uint64) (lines []feed.Notice, last uint64) {
	t.Helper()
	var out bytes.Buffer
	last, err := feed.Notices(t.Context(), h.Ledger, &out, feed.NoticeOptions{After: after, Lines: map[string]int{h.Ledger.Person(number(t, grace)): 7}})
	if err != nil || strings.Contains(out.String(), grace) {
		t.Fatalf("%v\n%s", err, &out)
	}
	for line := range strings.Lines(out.String()) {
		var notice feed.Notice
		if err := json.Unmarshal([]byte(line), &notice); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, notice)
	}
	return lines, last
}
