package audit_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"onelondon/internal/audit"
	"onelondon/internal/clinical"
)

// The values that made-up entries are drawn from: few, so that most queries find some.
var (
	people        = []string{"", "9434765919", "9434765870", "9990548609"}
	callers       = []string{"", "doctor-1", "doctor-2", "clerk-1"}
	organisations = []string{"", "F84004", "R1H"}
	events        = []audit.Event{audit.EventAccess, audit.EventBreakGlass, audit.EventPreference, audit.EventReview, audit.EventOversight}
)

// madeUp is the n-th entry of a ledger that anything may stand in.
func madeUp(t testing.TB, random *rand.Rand, n int) audit.Entry {
	t.Helper()
	pick := func(from []string) string { return from[random.IntN(len(from))] }
	entry := access(clinical.NHSNumber{}, fmt.Sprint(n))
	if digits := pick(people); digits != "" {
		entry.Person = number(t, digits)
	}
	entry.Caller.ID, entry.Caller.Organisation = pick(callers), pick(organisations)
	entry.Alert = random.IntN(10) == 0
	if random.IntN(4) == 0 {
		entry.Event = events[random.IntN(len(events))]
	}
	if entry.Event == audit.EventReview {
		entry.Reviewed = uint64(random.IntN(n + 1))
	}
	return entry
}

// everything reads a whole ledger by its sequence alone.
func everything(t testing.TB, ledger *audit.Ledger) (all []audit.Written) {
	t.Helper()
	for after := uint64(0); ; after = all[len(all)-1].Sequence {
		page, err := ledger.Entries(t.Context(), audit.Query{Everybody: true, After: after})
		if err != nil {
			t.Fatal(err)
		}
		if all = append(all, page...); len(page) < 1000 {
			return all
		}
	}
}

// scanned is the answer to a query by looking at every entry.
func scanned(ledger *audit.Ledger, all []audit.Written, q *audit.Query) (found []audit.Written) {
	reviewed := map[uint64]bool{}
	for i := range all {
		if all[i].Entry.Event == audit.EventReview {
			reviewed[all[i].Entry.Reviewed] = true
		}
	}
	all = slices.Clone(all)
	if q.NewestFirst {
		slices.Reverse(all)
	}
	for _, one := range all {
		follows := one.Sequence > q.After
		if q.NewestFirst {
			follows = one.Sequence < q.After || q.After == 0
		}
		if follows && (q.Person.IsZero() || one.Subject == ledger.Person(q.Person)) &&
			(q.Caller == "" || one.Entry.Caller.ID == q.Caller) &&
			(q.Organisation == "" || one.Entry.Caller.Organisation == q.Organisation) &&
			(len(q.ReviewsOf) == 0 || one.Entry.Event == audit.EventReview && slices.Contains(q.ReviewsOf, one.Entry.Reviewed)) &&
			(len(q.Events) == 0 || slices.Contains(q.Events, one.Entry.Event)) &&
			(!q.Alerts || one.Entry.Alert) && (!q.Unreviewed || !reviewed[one.Sequence]) && len(found) < q.Limit {
			found = append(found, one)
		}
	}
	return found
}

// askAtRandom holds what a ledger finds against a scan of it.
func askAtRandom(t *testing.T, ledger *audit.Ledger) {
	t.Helper()
	all := everything(t, ledger)
	rapid.Check(t, func(rt *rapid.T) {
		q := audit.Query{
			Caller:       rapid.SampledFrom(callers).Draw(rt, "caller"),
			Organisation: rapid.SampledFrom(organisations).Draw(rt, "organisation"),
			Events:       rapid.SliceOfNDistinct(rapid.SampledFrom(events), 0, 3, rapid.ID).Draw(rt, "events"),
			Alerts:       rapid.Bool().Draw(rt, "alerts"),
			After:        rapid.Uint64Range(0, uint64(len(all))+2).Draw(rt, "after"),
			NewestFirst:  rapid.Bool().Draw(rt, "newest first"),
			Limit:        rapid.IntRange(1, 1000).Draw(rt, "limit"),
		}
		if digits := rapid.SampledFrom(people).Draw(rt, "person"); digits != "" {
			q.Person = number(t, digits)
		}
		q.Unreviewed = q.Alerts && rapid.Bool().Draw(rt, "unreviewed")
		if rapid.IntRange(0, 3).Draw(rt, "of reviews") == 0 {
			q.ReviewsOf = rapid.SliceOfN(rapid.Uint64Range(1, uint64(len(all))), 1, 400).Draw(rt, "reviews of")
		}
		q.Everybody = q.Person.IsZero()
		got, err := ledger.Entries(t.Context(), q)
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(scanned(ledger, all, &q), got, cmpopts.EquateComparable(clinical.NHSNumber{}), cmpopts.EquateEmpty()); diff != "" {
			rt.Errorf("%+v (-scanned +found):\n%s", q, diff)
		}
	})
}

// 1,400 entries: most of them tagged, the last ones not yet, and once opened again all.
func TestWhatIsFoundByPersonCallerOrOrganisationIsWhatAScanFinds(t *testing.T) {
	file, random := path(t), rand.New(rand.NewPCG(1, 2))
	ledger := open(t, file)
	for n := 0; n < 1400; n += 7 {
		var some []audit.Entry
		for i := range 7 {
			some = append(some, madeUp(t, random, n+i))
		}
		appendAll(t, ledger, some...)
	}
	askAtRandom(t, ledger)
	if report := verify(t, ledger); !report.Intact() {
		t.Errorf("half tagged: %+v", report)
	}
	closeNow(t, ledger)
	ledger = open(t, file)
	askAtRandom(t, ledger)
	if report := verify(t, ledger); !report.Intact() {
		t.Errorf("tagged: %+v", report)
	}
}

// untagged makes a ledger what version 1 of its file was: no tags, an index of persons.
func untagged(t *testing.T, file string) {
	t.Helper()
	meddle(t, file, "DROP TABLE tag", "DROP TABLE indexed", "CREATE INDEX entry_person ON entry (person, sequence) WHERE person IS NOT NULL")
	meddle(t, file, "CREATE TABLE mark (x)", "PRAGMA user_version = 1; INSERT INTO mark VALUES (1)", "DROP TABLE mark")
}

func TestALedgerOfAnEarlierVersionIsReadAsItIsAndGainsItsTagsWhenItIsOpened(t *testing.T) {
	file, random := path(t), rand.New(rand.NewPCG(3, 4))
	ledger := open(t, file)
	for n := range 300 {
		appendAll(t, ledger, madeUp(t, random, n))
	}
	closeNow(t, ledger)
	untagged(t, file)
	reader, err := audit.OpenReader(t.Context(), file, key, nobodySay)
	if err != nil {
		t.Fatal(err)
	}
	defer closeNow(t, reader)
	askAtRandom(t, reader)
	if report := verify(t, reader); !report.Intact() || report.Entries != 300 {
		t.Errorf("as it was: %+v", report)
	}
	ledger = open(t, file)
	askAtRandom(t, ledger)
	askAtRandom(t, reader)
	if report := verify(t, reader); !report.Intact() || report.Entries != 300 {
		t.Errorf("tagged: %+v", report)
	}
}

func TestAnAlertIsOpenUntilSomebodyReviewsIt(t *testing.T) {
	ledger, person := open(t, path(t)), number(t, "9434765919")
	alert, quiet := access(person, "alert"), access(person, "quiet")
	quiet.Alert = false
	appendAll(t, ledger, alert, quiet, alert)
	review := audit.Entry{Event: audit.EventReview, Time: alert.Time, RequestID: "review", Outcome: audit.OutcomeReleased, Reviewed: 1,
		Finding: "patient's own GP out of hours"}
	appendAll(t, ledger, review)
	unreviewed, err := ledger.Entries(t.Context(), audit.Query{Alerts: true, Unreviewed: true})
	if err != nil || len(unreviewed) != 1 || unreviewed[0].Sequence != 3 {
		t.Errorf("got %v (%v), want entry 3 alone", unreviewed, err)
	}
}

func TestAQueryThatSaysTooLittleOrTooMuchIsRefused(t *testing.T) {
	ledger := open(t, path(t))
	for name, query := range map[string]audit.Query{
		"nothing":                      {},
		"only a direction":             {NewestFirst: true, Limit: 3},
		"one person and everybody":     {Person: number(t, "9434765919"), Everybody: true},
		"reviews of too many at once":  {ReviewsOf: make([]uint64, 401)},
		"unreviewed, but of no alerts": {Everybody: true, Unreviewed: true},
	} {
		if _, err := ledger.Entries(t.Context(), query); err == nil || errors.Is(err, audit.ErrUnavailable) {
			t.Errorf("%s gave %v", name, err)
		}
	}
}

func TestWhateverIsDoneToTheTagsIsFound(t *testing.T) {
	for _, c := range []struct {
		name   string
		do     []string
		broken uint64
	}{
		{"a tag removed", []string{"DELETE FROM tag WHERE (sequence, tag) IN (SELECT sequence, tag FROM tag WHERE sequence = 4 LIMIT 1)"}, 4},
		{"an entry's tags removed", []string{"DELETE FROM tag WHERE sequence = 4"}, 4},
		{"all tags removed", []string{"DELETE FROM tag"}, 1},
		{"a tag changed", []string{"UPDATE tag SET tag = zeroblob(16) WHERE (sequence, tag) IN (SELECT sequence, tag FROM tag WHERE sequence = 4 LIMIT 1)"}, 4},
		{"a tag added", []string{"INSERT INTO tag VALUES (4, zeroblob(16))"}, 4},
		{"a tag too long", []string{"INSERT INTO tag VALUES (4, zeroblob(17))"}, 4},
		{"another's tag given to an entry", []string{"INSERT INTO tag SELECT 4, tag FROM tag WHERE sequence = 5 AND tag NOT IN (SELECT tag FROM tag WHERE sequence = 4)"}, 4},
		{"tags said to go further than they do", []string{"DELETE FROM tag WHERE sequence > 7", "UPDATE indexed SET sequence = 99"}, 8},
		{"an index of nothing put in the place of the tags'", []string{
			"CREATE TABLE other (tag, sequence)", "CREATE INDEX other_rows ON other (tag, sequence)",
			`PRAGMA writable_schema = 1; UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'other_rows')
			WHERE name = 'tag_rows'`}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := path(t)
			ledger := open(t, file)
			for i := range 10 {
				entry := access(number(t, people[1+i%3]), fmt.Sprint(i))
				entry.Caller.ID = fmt.Sprint("doctor-", i)
				appendAll(t, ledger, entry)
			}
			closeNow(t, ledger)
			closeNow(t, open(t, file)) // which tags them
			meddle(t, file, c.do...)
			if report := verify(t, open(t, file)); report.Broken != c.broken || report.Fault == "" {
				t.Errorf("report %+v, want it broken at %d", report, c.broken)
			}
		})
	}
}

func TestAnEntryTaggedAsSomebodyElsesIsNotShownAsTheirs(t *testing.T) {
	file, ours, other := path(t), number(t, "9434765919"), number(t, "9434765870")
	ledger := open(t, file)
	first, second := access(ours, "a"), access(other, "b")
	first.Caller.ID, second.Caller.ID = "doctor-1", "doctor-2"
	appendAll(t, ledger, first, second)
	closeNow(t, ledger)
	closeNow(t, open(t, file))
	meddle(t, file, "INSERT OR IGNORE INTO tag SELECT 1, tag FROM tag WHERE sequence = 2")
	ledger = open(t, file)
	for name, query := range map[string]audit.Query{"by person": {Person: other}, "by caller": {Caller: "doctor-2"}} {
		if entries, err := ledger.Entries(t.Context(), query); !errors.Is(err, audit.ErrBroken) {
			t.Errorf("%s: got %d entries and %v", name, len(entries), err)
		}
	}
}
