package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"onelondon/examples/london"
	"onelondon/internal/audit"
	"onelondon/internal/clinical"
	"onelondon/internal/consent"
)

// One in this many people refuses planning and research, nationally or on London's own list.
const (
	oneNationally = 18
	oneInLondon   = 61
)

// consented records what people of the demo have decided: one of the cast objects to the shared record, and some refuse
// planning and research, on lists in the form in which sites receive them.
func (f *folder) consented(ctx context.Context, key audit.Key, site *london.Site) (err error) {
	register, err := consent.Open(ctx, f.path(consentFile), key, discard())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, register.Close()) }()
	for _, step := range []consent.Step{consent.Requested, consent.Upheld} {
		_, err := register.Record(ctx, consent.Directive{Person: site.Cast.Objector.NHSNumber, About: consent.SharedRecord{Step: step},
			Authority: consent.Self, RecordedBy: "demo", At: time.Now(), Reason: "part of the demo"})
		if err != nil {
			return err
		}
	}
	for _, list := range optOuts(site.Numbers, time.Now()) {
		if _, err := register.Import(ctx, list); err != nil {
			return fmt.Errorf("import the demo's opt-outs: %w", err)
		}
	}
	return nil
}

// optOuts are the three lists in the form in which a site receives them: the national one as a reply listing those who
// have not opted out, the other two as files of those who have.
func optOuts(numbers []clinical.NHSNumber, at time.Time) []consent.Import {
	var asked, replied bytes.Buffer
	inLondon := bytes.NewBufferString("NhsNumber,PatientInstructionCategory,PatientInstructionState,InstructionDate\n")
	typeOne := bytes.NewBufferString("nhs_number,state,date\n")
	day := at.AddDate(0, -2, 0).Format(time.DateOnly)
	for i, number := range numbers {
		fmt.Fprintf(&asked, "%s,\n", number.Reveal())
		if i%oneNationally != 7 {
			fmt.Fprintf(&replied, "%s,\n", number.Reveal())
		}
		if i%oneInLondon == 3 {
			fmt.Fprintf(inLondon, "%s,DataSharing,optout,%s\n", number.Reveal(), day)
			fmt.Fprintf(typeOne, "%s,opted_out,%s\n", number.Reveal(), day)
		}
	}
	read := func(b *bytes.Buffer) *bytes.Reader { return bytes.NewReader(b.Bytes()) }
	return []consent.Import{
		{Form: consent.MESH, Asked: read(&asked), File: read(&replied), AsAt: at, RecordedBy: "demo"},
		{Form: consent.IDecide, File: read(inLondon), AsAt: at, RecordedBy: "demo"},
		{Form: consent.TypeOne, File: read(typeOne), AsAt: at, RecordedBy: "demo"},
	}
}
