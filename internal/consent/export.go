package consent

import (
	"bufio"
	"context"
	"encoding/csv"
	"fmt"
	"io"

	"onelondon/internal/clinical"
)

// Exported says what an export wrote.
type Exported struct {
	Lines    int
	Revision Revision // up to which the register was read
	// Unnamed is how many directives would have been written, had an early version stored whom they are about.
	Unnamed int
}

// Export writes what was recorded after a revision, 0 for all of it, in a form that [Register.Import] reads: of a CSV form one
// line a directive, in the order of recording, so that the last line about a person holds; of MESH the numbers that the
// National Data Opt-out is known not to cover now, as a reply has them, in ascending order. It reads the register page by page,
// also beside a server that writes it.
func (r *Register) Export(ctx context.Context, form Form, after Revision, to io.Writer) (Exported, error) {
	e := &exporting{register: r, out: bufio.NewWriter(to)}
	var err error
	if form == MESH {
		err = e.mesh(ctx, after)
	} else {
		err = e.sheet(ctx, form, after)
	}
	if err == nil {
		err = e.out.Flush()
	}
	if err != nil {
		return Exported{}, fmt.Errorf("export: %w", err)
	}
	return e.exported, nil
}

type exporting struct {
	register *Register
	out      *bufio.Writer
	exported Exported
}

// each visits every directive after a revision, and notes up to where that was.
func (e *exporting) each(ctx context.Context, after Revision, visit func(*Recorded) error) (err error) {
	e.exported.Revision, err = e.register.each(ctx, after, visit)
	return err
}

func (e *exporting) sheet(ctx context.Context, form Form, after Revision) error {
	s, found := sheets()[form]
	if !found {
		return fmt.Errorf("%w: "+unknownForm, ErrDirective)
	}
	writer := csv.NewWriter(e.out)
	if err := writer.Write(s.headers[0]); err != nil {
		return err
	}
	err := e.each(ctx, after, func(recorded *Recorded) error {
		if recorded.Person.IsZero() {
			if _, early := recorded.About.(SharedRecord); early && form == Objections {
				e.exported.Unnamed++
			}
			return nil
		}
		fields := s.write(&recorded.Directive)
		if fields == nil {
			return nil
		}
		e.exported.Lines++
		return writer.Write(fields)
	})
	if writer.Flush(); err == nil {
		err = writer.Error()
	}
	return err
}

func (e *exporting) mesh(ctx context.Context, after Revision) error {
	now, free, said := e.register.clock(), &numbers{}, &numbers{}
	// From the beginning: what was recorded before still holds beneath what has ended.
	err := e.each(ctx, 0, func(recorded *Recorded) error {
		choice, is := recorded.About.(OptOutChoice)
		if !is || choice.List != ListNational {
			return nil
		}
		who := stem(recorded.Person)
		if recorded.Revision() > after {
			said.put(who, true)
		}
		if recorded.valid(now) {
			free.put(who, choice.Standing == NotOptedOut)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return free.each(func(stem uint32, number clinical.NHSNumber) error {
		if !said.has(stem) {
			return nil
		}
		e.exported.Lines++
		_, err := e.out.WriteString(meshLineOf(number))
		return err
	})
}
