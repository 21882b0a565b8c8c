package consent

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"onelondon/internal/clinical"
)

// numbers is a set of NHS numbers: a bit for each of the 10^9 stems of nine digits, in pages that are made when they are
// needed. However many numbers a list has, and however often, it takes 125 MB at most.
type numbers struct {
	pages [1_000_000_000/pageBits + 1]*[pageBits / 64]uint64
	count int
}

const pageBits = 1 << 19

// stem is the first nine digits; the tenth follows from them.
func stem(number clinical.NHSNumber) uint32 {
	stem := uint32(0)
	for _, digit := range []byte(number.Reveal()[:9]) {
		stem = stem*10 + uint32(digit-'0')
	}
	return stem
}

// numberOf is the NHS number with a stem of which there is one.
func numberOf(stem uint32) (clinical.NHSNumber, error) {
	digits, sum := fmt.Sprintf("%09d", stem), 0
	for i, digit := range []byte(digits) {
		sum += int(digit-'0') * (10 - i)
	}
	return clinical.ParseNHSNumber(fmt.Sprint(digits, (11-sum%11)%11))
}

func (n *numbers) put(stem uint32, in bool) {
	page, bit := &n.pages[stem/pageBits], uint64(1)<<(stem%64)
	if *page == nil {
		if !in {
			return
		}
		*page = new([pageBits / 64]uint64)
	}
	word := &(*page)[stem%pageBits/64]
	switch was := *word&bit != 0; {
	case in && !was:
		n.count++
	case !in && was:
		n.count--
	}
	if *word |= bit; !in {
		*word &^= bit
	}
}

func (n *numbers) has(stem uint32) bool {
	page := n.pages[stem/pageBits]
	return page != nil && page[stem%pageBits/64]&(1<<(stem%64)) != 0
}

// each visits every number in ascending order.
func (n *numbers) each(visit func(stem uint32, number clinical.NHSNumber) error) error {
	for p, page := range n.pages {
		if page == nil {
			continue
		}
		for s := uint32(p) * pageBits; s < uint32(p+1)*pageBits; s++ {
			if page[s%pageBits/64]&(1<<(s%64)) == 0 {
				continue
			}
			number, err := numberOf(s)
			if err != nil {
				return errors.New("a set of NHS numbers holds one that is none")
			}
			if err := visit(s, number); err != nil {
				return err
			}
		}
	}
	return nil
}

// mesh reads what was asked about and the reply, and gives the standing of everybody asked about whose standing was another:
// who is missing from the reply has opted out.
func (i *importing) mesh() (giving, error) {
	asked, replied := &numbers{}, &numbers{}
	if err := i.meshLines(i.what.Asked, true, func(stem uint32) string {
		asked.put(stem, true)
		return ""
	}); err != nil {
		return nil, err
	}
	if err := i.meshLines(i.what.File, false, func(stem uint32) string {
		if !asked.has(stem) {
			return "the number was not asked about"
		}
		replied.put(stem, true)
		return ""
	}); err != nil {
		return nil, err
	}
	switch err := i.verdict(); {
	case err != nil:
		return nil, err
	case asked.count == 0:
		return nil, fmt.Errorf("%w: nobody was asked about", ErrDirective)
	case replied.count == 0:
		return nil, fmt.Errorf("%w: the reply is empty, as if everybody had opted out; ask again", ErrDirective)
	}
	return func(yield func(*Directive) error) error {
		return asked.each(func(stem uint32, number clinical.NHSNumber) error {
			said := OptOutChoice{List: ListNational, Standing: OptedOut}
			if replied.has(stem) {
				said.Standing = NotOptedOut
			}
			if i.register.picture.holdsPlainly(number, said) {
				return nil
			}
			return yield(&Directive{Person: number, About: said, Authority: i.what.Authority, RecordedBy: i.what.RecordedBy, At: i.what.AsAt})
		})
	}, nil
}

// meshLines visits the number of every good line, and reports every bad one.
func (i *importing) meshLines(file io.ReadSeeker, asked bool, visit func(stem uint32) string) error {
	if err := rewind(file); err != nil {
		return err
	}
	reader := bufio.NewReaderSize(file, 1<<16)
	for line := 1; ; line++ {
		text, err := wholeLine(reader)
		if err == io.EOF && len(text) == 0 {
			return nil
		}
		if err != nil && err != io.EOF {
			return unreadable(err)
		}
		number, fault := meshLine(text)
		if fault == "" {
			fault = visit(stem(number))
		}
		if fault != "" {
			i.bad(LineError{asked, line, fault})
		}
		if asked {
			i.lines++
		}
		if line%progressLines == 0 {
			i.progress("checked", line)
		}
	}
}

// wholeLine reads a line with its end. Of one that is far too long it gives the beginning, which is bad enough.
func wholeLine(reader *bufio.Reader) ([]byte, error) {
	text, err := reader.ReadSlice('\n')
	if !errors.Is(err, bufio.ErrBufferFull) {
		return text, err
	}
	text = bytes.Clone(text[:32])
	for errors.Is(err, bufio.ErrBufferFull) {
		_, err = reader.ReadSlice('\n')
	}
	return append(text, '\n'), err
}

// meshLine reads one line, or says what is wrong with it in words that hold nothing of it.
func meshLine(text []byte) (clinical.NHSNumber, string) {
	text, ended := bytes.CutSuffix(text, []byte("\n"))
	if !ended {
		return clinical.NHSNumber{}, "the line does not end in LF: the file may be cut off"
	}
	if bytes.HasSuffix(text, []byte("\r")) {
		return clinical.NHSNumber{}, "the line ends in CR LF, expected LF alone"
	}
	digits, after, found := bytes.Cut(text, []byte(","))
	switch {
	case len(text) == 0:
		return clinical.NHSNumber{}, "the line is empty"
	case !found:
		return clinical.NHSNumber{}, "there is no comma after the number"
	case len(after) > 0:
		return clinical.NHSNumber{}, "there is something after the comma"
	}
	number, err := clinical.ParseNHSNumber(string(digits))
	if err != nil || len(digits) != 10 {
		return clinical.NHSNumber{}, badNumber
	}
	return number, ""
}

// holdsPlainly reports whether a list says this of a person already, now and without bound in time.
func (p *picture) holdsPlainly(number clinical.NHSNumber, said OptOutChoice) bool {
	p.mutex.RLock()
	defer p.mutex.RUnlock()
	is, t := p.people.look(p.key(number)), topicOf(said.List)
	if is.bits&rich == 0 {
		return is.bits != 0 && OptOut(is.bits.value(t)) == said.Standing
	}
	plain := false
	for _, l := range p.people.layers(is) {
		if l.topic == t {
			plain = l.unbounded() && OptOut(l.value) == said.Standing
			if !plain {
				return false
			}
		}
	}
	return plain
}

// meshLineOf writes a line of a MESH list.
func meshLineOf(number clinical.NHSNumber) string { return number.Reveal() + ",\n" }

// valid reports whether a directive holds at a moment, as far as its own time goes.
func (d *Directive) valid(at time.Time) bool {
	return (d.From.IsZero() || !at.Before(d.From)) && (d.Until.IsZero() || at.Before(d.Until))
}
