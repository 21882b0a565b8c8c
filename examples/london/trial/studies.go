package trial

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort/codelist"
	"onelondon/internal/consent"
	"onelondon/internal/gate"
	"onelondon/internal/gate/study"
	"onelondon/policy"
	"onelondon/resolvers"
)

// Studies says of what questions about many people are taken.
type Studies struct {
	People    []string // the NHS numbers of everybody, of whom no list of opt-outs says anything
	Codelists *codelist.Registry
	Borough   func(practice clinical.Text) string
}

// StudyKey is the key from which a house's projects have theirs.
func StudyKey() [32]byte { return [32]byte{9, 8, 7, 6, 5, 4, 3, 2, 1} }

// analysts opens the house to questions about many people; nil where it takes none.
func (h *House) analysts(t testing.TB, of *Studies, rules gate.Policy) resolvers.Analysts {
	t.Helper()
	if of == nil {
		return nil
	}
	engine, is := rules.(*policy.Engine)
	if !is {
		t.Fatal("studies are decided by a whole policy")
	}
	var all strings.Builder
	for _, number := range of.People {
		all.WriteString(number + ",\n")
	}
	for _, list := range []consent.Import{
		{Form: consent.MESH, Asked: strings.NewReader(all.String()), File: strings.NewReader(all.String())},
		{Form: consent.IDecide, File: strings.NewReader("NhsNumber,PatientInstructionCategory,PatientInstructionState,InstructionDate\n")},
		{Form: consent.TypeOne, File: strings.NewReader("nhs_number,state,date\n")},
	} {
		list.AsAt, list.RecordedBy = time.Now(), "the test"
		if _, err := h.Register.Import(t.Context(), list); err != nil {
			t.Fatal(err)
		}
	}
	h.Studies = study.New(study.Options{Policy: func() study.Policy { return engine }, Register: h.Register, Locator: h.Locator, Catalogue: h.Catalogue,
		Ledger: h.Ledger, Codelists: of.Codelists, Folder: filepath.Join(h.Folder, "studies"), Key: StudyKey(), Borough: of.Borough, Log: h.log})
	t.Cleanup(func() { _ = h.Studies.Close() })
	return h.Studies
}
