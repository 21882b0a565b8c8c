package translation_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"onelondon/internal/testkit"
)

// place is a package that is broken, and who should notice, the cheapest first.
type place struct {
	folder    string
	files     []string
	functions []string // of the files; none for all of them
	noticed   []noticer
}

// noticer is tests that should fail.
type noticer struct {
	folder, tests string
	flags         string // what else the tests are told
}

// drawn is what tests that draw are told: to draw the same each time, and not to look for a smaller failure.
const drawn = "-rapid.seed=" + seed + " -rapid.nofailfile -rapid.shrinktime=1ms"

// leaks is the proof of leaks with drivers that give more than they were asked for.
func leaks() noticer { return noticer{"proof/leaks", "^TestABent", ""} }

// places are where a rule becomes a condition, is heeded in memory and in SQL, and where the gate looks again. How a caller's
// own filter becomes SQL is no part of it.
func places() []place {
	equal := noticer{"proof/equivalence", "Everywhere$", drawn}
	agrees := noticer{"sources/sqlsource", "^TestADatabaseReleases/SQLite", drawn}
	return []place{
		{"internal/condition", []string{"codes.go", "condition.go", "match.go", "together.go"}, nil,
			[]noticer{{"internal/condition", ".", ""}, agrees, equal}},
		{"policy", []string{"attribute.go", "residue.go", "translate.go"}, nil, []noticer{{"policy", "EachForm|AlternativesAre|WhatIsNo", ""},
			{"policy", "Fragment|Hazards|NoRowRule|^TestBounds", ""}, equal}},
		{"policy", []string{"input.go"}, []string{"normalise", "inOrder", "compare", "joined", "plausible"},
			[]noticer{{"policy", "InputsThatDiffer|EqualInputs|NoSignIn|ManyCallers|StudiesThat", ""}}},
		{"policy", []string{"alike.go", "apart.go"}, nil, []noticer{{"policy", "WholeInput|IsFound", ""}, {"policy", "NotAlike|StandsForOrganisations", ""},
			{"policy", "HoldsTheNameElsewhere|KindsShare|AnOutlineThat", ""}, {"policy", "AnOutlineSays", drawn}, equal}},
		{"sources/sqlsource", []string{"attribute.go", "branch.go", "codes.go", "condition.go", "free.go"}, []string{"atom", "atomPossible", "attribute",
			"carried", "clause", "comparableValues", "condition", "dividedOf", "doubt", "filled", "fixedTruth", "free", "index",
			"asDivided", "labelByCodes", "listsOf", "lookUp", "mayBeListed", "mustBeFree", "noted", "operator", "possible", "preferred",
			"satisfies", "settled", "shape", "together", "unpack", "with"},
			[]noticer{{"sources/sqlsource", "^TestStatements|^TestAStatement|^TestOnlyWhat|^TestAConditionIs|^TestNoTwoConditions|^TestACountJoins", ""}, agrees,
				{"sources/sqlsource", "Ties|Diagnoses", ""}, equal}},
		{"internal/cohort/engine", []string{"need.go"}, nil, []noticer{{"internal/cohort/engine", ".", ""}}},
		{"sources/sqlsource", []string{"held.go"}, nil, []noticer{{"sources/sqlsource", "^TestAConditionIs|^TestStatements|ARecordIs|WhatIsHeld|OtherRows|EveryRow", ""}}},
		{"internal/gate", []string{"fetch.go", "judge.go"}, []string{"carriedAt", "check", "cut", "released", "releases", "shows", "sure", "unprobed", "untie"},
			[]noticer{{"internal/gate", "Bent|Withh|Shown|Shows|Name|Probe|Masked|Model|Registration|Flag|ALineSays|TakesNoPlace|Spread|JudgedByTheWorst|Conflict", drawn + " -rapid.checks=30"},
				{"internal/gate", ".", drawn + " -rapid.checks=30"}, leaks()}},
	}
}

// breakages are all points of all places, numbered from 1, and the tests compiled with every one of them in the text.
type breakages struct {
	points  []point
	root    string            // of the module
	folder  string            // of the changed copies and the compiled tests
	overlay map[string]string // of which file each copy is laid over

	mutex    sync.Mutex
	compiled map[string]error   // by package
	sound    map[noticer]string // who was asked with nothing broken, and what they noticed
}

// in are the points of one place.
func (all *breakages) in(place place) (points []*point) {
	for i := range all.points {
		if folder, file := path.Split(all.points[i].file); path.Clean(folder) == place.folder && slices.Contains(place.files, file) {
			points = append(points, &all.points[i])
		}
	}
	return points
}

// breakAll writes the changed copies.
func breakAll(t *testing.T) *breakages {
	t.Helper()
	all := &breakages{root: testkit.Root(t), folder: t.TempDir(), overlay: map[string]string{}, compiled: map[string]error{},
		sound: map[noticer]string{}}
	for _, place := range places() {
		found := map[string]bool{}
		for _, file := range place.files {
			b := &breaker{text: readText(t, filepath.Join(all.root, place.folder, file)), file: place.folder + "/" + file, first: 1 + len(all.points),
				left: map[ast.Node]bool{}}
			for _, declared := range b.parsed.Decls {
				if function, ok := declared.(*ast.FuncDecl); ok && (place.functions == nil || slices.Contains(place.functions, function.Name.Name)) {
					found[function.Name.Name] = true
					b.whole(function)
				}
			}
			all.points = append(all.points, b.points...)
			all.lay(t, place.folder, file, b.broken())
			all.lay(t, place.folder, "mutants_in_force.go", fmt.Sprintf(switches, b.package_))
		}
		for _, name := range place.functions {
			if !found[name] {
				t.Errorf("%s has no function %s any more", place.folder, name)
			}
		}
	}
	number(all.points)
	return all
}

// number numbers points that are alike in all but their line.
func number(points []point) {
	alike := map[string]int{}
	for i := range points {
		key := points[i].key()
		alike[key]++
		points[i].nth = alike[key]
	}
}

func (all *breakages) lay(t *testing.T, folder, file, content string) {
	t.Helper()
	copied := filepath.Join(all.folder, filepath.Base(folder)+"_"+file)
	if err := os.WriteFile(copied, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	all.overlay[filepath.Join(all.root, folder, file)] = copied
}

// compile makes the tests of a package out of the changed copies, once.
func (all *breakages) compile(ctx context.Context, folder string) error {
	all.mutex.Lock()
	defer all.mutex.Unlock()
	if err, done := all.compiled[folder]; done {
		return err
	}
	laid, err := json.Marshal(map[string]any{"Replace": all.overlay})
	overlay := filepath.Join(all.folder, "overlay.json")
	if err = errors.Join(err, os.WriteFile(overlay, laid, 0o600)); err != nil {
		return err
	}
	build := exec.CommandContext(ctx, "go", "test", "-c", "-vet=off", "-overlay", overlay, "-o", all.folder+string(filepath.Separator), "./"+folder)
	build.Dir = all.root
	if output, err := build.CombinedOutput(); err != nil {
		all.compiled[folder] = fmt.Errorf("the broken copies do not compile: %w\n%.3000s", err, output)
	} else {
		all.compiled[folder] = nil
	}
	return all.compiled[folder]
}
