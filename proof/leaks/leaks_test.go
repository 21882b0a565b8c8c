package leaks_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"onelondon/examples/london/trial"
	"onelondon/internal/auth"
	"onelondon/internal/testkit"
	"onelondon/sources"
)

// Whoever asks whatever, nothing comes of a record that is withheld from them, and everything of one that is not.
func TestNothingWithheldLeavesAndNothingReleasedIsMissing(t *testing.T) {
	proves(t, trial.SQLite(), straight, testkit.Size(60, 300), testkit.Size(80, 1000))
}

// The sources may be on any kind of database.
func TestNothingWithheldLeavesAnyKindOfDatabase(t *testing.T) {
	for _, database := range trial.Engines()[1:] {
		proves(t, database, straight, testkit.Size(15, 100), testkit.Size(16, 200))
	}
}

// proves lets random callers ask about random people whose sources are on a kind of database, behind drivers that may be bent.
func proves(t *testing.T, database trial.Engine, bend func(sources.Source) sources.Source, people, callers int) {
	t.Helper()
	seed := testkit.Seed(t)
	w := open(t, database, bend, seed, people)
	var all sync.WaitGroup
	var count counts
	next := make(chan int)
	for range 8 {
		all.Go(func() {
			for i := range next {
				w.asks(t, throw(seed, 100+uint64(i)), i, &count)
			}
		})
	}
	for i := range callers {
		next <- i
	}
	close(next)
	all.Wait()
	w.leftBehind(t)
	testkit.Counted(t, "%s: %d callers, %d answers, %d of them with records, %d marks seen and each allowed, %d marks demanded and none missing, "+
		"%d glasses broken; %s=%d", database.Name, callers, count.answers.Load(), count.showing.Load(), count.seen.Load(), count.demanded.Load(),
		count.broken.Load(), testkit.SeedVariable, seed)
	if count.seen.Load() < int64(40*callers) || count.showing.Load() < count.answers.Load()/8 {
		t.Error("too little came back to prove anything")
	}
}

type counts struct{ answers, showing, seen, demanded, broken atomic.Int64 }

// asks lets one caller ask several questions.
func (w *world) asks(t *testing.T, d dice, i int, count *counts) {
	r := *w.reference // its counts are a caller's own
	c := w.caller(t, d, i)
	count.broken.Add(int64(len(c.grants)))
	for range 6 {
		asked := []*being{w.near(d, c)}
		doc := d.draw(w.codes, w.heardOf(d, asked[0]))
		doc.variables = map[string]any{"n": asked[0].number.Reveal()}
		if !doc.walks && !doc.ofNobody && d.chance(4) {
			asked = append(asked, one(d, w.people...))
			doc.query, doc.variables["m"] = aliased(doc.query), asked[1].number.Reveal()
		}
		ground := asking{who: c.who}
		if doc.ofNobody {
			ground.meant, asked = asked[0], nil
		} else {
			ground.claims = d.chance(2)
			if ground.claims {
				doc.variables["claim"] = "they are in front of me"
			}
			// A grant is for one person; a document about two would be refused whole.
			if grant := c.grants[asked[0]]; grant != "" && len(asked) == 1 {
				ground.broken, doc.variables["grant"] = true, grant
			}
		}
		w.check(t, &r, c, doc, ground, asked, count)
	}
}

// heardOf is a mark that the person's records hold: of one that is withheld, more often than not.
func (w *world) heardOf(d dice, b *being) string {
	records := b.held[store]
	return string(records[1+d.IntN(len(records)-1)].About().Code.Code) + "x"[:d.IntN(2)]
}

// check asks one document, page after page where it walks, and holds the answers against what the reference allows.
func (w *world) check(t *testing.T, r *reference, c *caller, doc document, ground asking, asked []*being, count *counts) {
	allowed, demanded := map[string]bool{}, map[string]bool{}
	for n, b := range asked {
		a := ground
		a.meant = b
		if err := r.see(t.Context(), &a); err != nil {
			t.Error(err)
			return
		}
		for _, each := range a.visible {
			marks := w.of(each.Record, each.masked)
			maps.Copy(allowed, marks)
			names, err := r.mayName(t.Context(), &a, each, b.held[each.About().Source])
			if err != nil {
				t.Error(err)
				return
			}
			maps.Copy(allowed, w.find(names))
			if n == 0 && slices.Contains(doc.whole, each.Kind()) {
				maps.Copy(demanded, marks)
			}
		}
	}
	if ground.meant != nil && ground.tellsProxies() {
		maps.Copy(allowed, w.find(ground.meant.named))
	}
	if doc.echoed {
		maps.Copy(allowed, w.find(doc.query))
	}
	text := w.answer(t, c, doc)
	seen := w.find(text)
	count.answers.Add(1)
	count.seen.Add(int64(len(seen)))
	count.demanded.Add(int64(len(demanded)))
	if len(seen) > 0 {
		count.showing.Add(1)
	}
	report := func(what string, marks map[string]bool) {
		t.Errorf("%s to %s %+v, %s, claims %v, broken %v, about %s:\n%s\n%v\n%.1500s", what, c.who.Subject, plainPerson(c.who), doc.name, ground.claims,
			ground.broken, describe(asked), doc.query, slices.Sorted(maps.Keys(marks)), text)
	}
	if leaked := without(seen, allowed); len(leaked) > 0 {
		report("LEAKED", leaked)
	}
	if missing := without(demanded, seen); len(missing) > 0 {
		report("MISSING", missing)
	}
}

func plainPerson(who auth.Person) []string {
	return []string{who.Role, who.Organisation, who.Purpose, who.NHSNumber}
}

func describe(asked []*being) (text string) {
	for _, b := range asked {
		text += fmt.Sprintf("[%s flagged %v dead %v age %q %+v] ", b.practice, b.flagged, b.dead, b.age, b.about)
	}
	return text
}

func without(some, others map[string]bool) map[string]bool {
	rest := maps.Clone(some)
	maps.DeleteFunc(rest, func(mark string, _ bool) bool { return others[mark] })
	return rest
}

// answer is everything that comes back: bodies and headers, of every page.
func (w *world) answer(t *testing.T, c *caller, doc document) string {
	var all strings.Builder
	for range 60 {
		reply := w.Ask(t, c.token, doc.query, doc.variables)
		fmt.Fprintln(&all, reply.Status, reply.Header, reply.Body)
		if !doc.walks {
			return all.String()
		}
		var page struct {
			Data struct {
				Patient struct {
					Timeline struct {
						PageInfo struct {
							HasNextPage bool
							EndCursor   string
						}
					}
				}
			}
		}
		if err := json.Unmarshal([]byte(reply.Body), &page); err != nil || !page.Data.Patient.Timeline.PageInfo.HasNextPage {
			return all.String()
		}
		doc.variables["after"] = page.Data.Patient.Timeline.PageInfo.EndCursor
	}
	t.Error("the pages do not end")
	return all.String()
}

// leftBehind looks for marks in what stays: the log, the metrics, the files of the ledger and the register.
func (w *world) leftBehind(t *testing.T) {
	t.Helper()
	places := map[string]string{"the log": w.Logs.String(), "/metrics": w.Send(t, "GET", "/metrics", "", "").Body}
	files, err := filepath.Glob(filepath.Join(w.Folder, "*"))
	if err != nil || len(files) < 2 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		places[filepath.Base(file)] = string(content)
	}
	for where, text := range places {
		found := w.find(text)
		maps.DeleteFunc(found, func(mark string, _ bool) bool { return !strings.HasPrefix(mark, "zq") }) // moments are its own
		if len(found) > 0 {
			t.Errorf("%s holds %v", where, slices.Sorted(maps.Keys(found)))
		}
	}
}
