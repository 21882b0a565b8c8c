package wire

import (
	"encoding/binary"
	"errors"
	"time"

	"onelondon/internal/clinical"
)

// What can be wrong with bytes. Neither quotes them.
var (
	// ErrMalformed reports bytes that nobody who keeps to this format wrote.
	ErrMalformed = errors.New("not in the form in which OneLondons talk")
	// ErrUnsupported reports a name that this version does not know: of a kind of record, a field or an outcome.
	ErrUnsupported = errors.New("speaks of what this version does not know")
)

// form is the version of the format, the first byte of everything.
const form = 1

// short is how long a text is at most that is written once and then referred to.
const short = 32

// writer appends values. A short text that was written before is a reference to it.
type writer struct {
	b     []byte
	texts map[string]uint64
}

func newWriter(b []byte) *writer { return &writer{b: append(b, form), texts: map[string]uint64{}} }

func (w *writer) uint(value uint64) { w.b = binary.AppendUvarint(w.b, value) }

func (w *writer) count(value int) { w.uint(uint64(max(value, 0))) }

func (w *writer) bool(yes bool) {
	if yes {
		w.b = append(w.b, 1)
		return
	}
	w.b = append(w.b, 0)
}

func (w *writer) text(text string) {
	if len(text) <= short && text != "" {
		if at, written := w.texts[text]; written {
			w.uint(at<<1 | 1)
			return
		}
		w.texts[text] = uint64(len(w.texts))
	}
	w.uint(uint64(len(text)) << 1)
	w.b = append(w.b, text...)
}

func (w *writer) date(date clinical.DateTime) {
	w.b = append(w.b, byte(date.Precision()))
	if !date.IsZero() {
		w.b = binary.AppendVarint(w.b, date.At().Unix())
	}
}

func (w *writer) number(number clinical.NHSNumber) { w.text(number.Reveal()) }

// reader reads what a writer wrote. After the first fault everything reads as zero. Texts are parts of one string.
type reader struct {
	left  string
	texts []string
	room  int // how many more things may be counted
	fault error
}

// mostCounted is how many things a question or an answer may count in all: each takes more in memory than the byte that it may take here.
const mostCounted = 1_000_000

func newReader(body []byte) *reader {
	r := &reader{left: string(body), room: mostCounted}
	if r.byte() != form {
		r.fail(ErrMalformed)
	}
	return r
}

func (r *reader) fail(err error) {
	if r.fault == nil {
		r.fault = err
	}
	r.left = ""
}

// end reports the first fault, or that something is left over.
func (r *reader) end() error {
	if r.fault == nil && r.left != "" {
		return ErrMalformed
	}
	return r.fault
}

func (r *reader) byte() byte {
	if r.left == "" {
		r.fail(ErrMalformed)
		return 0
	}
	b := r.left[0]
	r.left = r.left[1:]
	return b
}

// uint reads a number that is written as shortly as it can be.
func (r *reader) uint() uint64 {
	var value uint64
	for shift := 0; shift < 64; shift += 7 {
		b := r.byte()
		if b == 0 && shift > 0 || shift == 63 && b > 1 {
			break
		}
		value |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return value
		}
	}
	r.fail(ErrMalformed)
	return 0
}

// count reads how many of something follow, of which each takes a byte at least.
func (r *reader) count() int {
	value := r.uint()
	if value > uint64(min(len(r.left), r.room)) {
		r.fail(ErrMalformed)
		return 0
	}
	r.room -= int(value)
	return int(value)
}

// bounded reads how many of something follow, of which there may be no more than most.
func (r *reader) bounded(most int) int {
	count := r.count()
	if count > most {
		r.fail(ErrMalformed)
		return 0
	}
	return count
}

// amount reads a number that counts nothing that follows.
func (r *reader) amount() int {
	value := r.uint()
	if value > 1<<50 {
		r.fail(ErrMalformed)
		return 0
	}
	return int(value)
}

func (r *reader) bool() bool {
	b := r.byte()
	if b > 1 {
		r.fail(ErrMalformed)
	}
	return b == 1
}

func (r *reader) text() string {
	value := r.uint()
	if value&1 == 1 {
		if value>>1 >= uint64(len(r.texts)) {
			r.fail(ErrMalformed)
			return ""
		}
		return r.texts[value>>1]
	}
	length := value >> 1
	if length > uint64(len(r.left)) {
		r.fail(ErrMalformed)
		return ""
	}
	text := r.left[:length]
	r.left = r.left[length:]
	if length <= short && length > 0 {
		r.texts = append(r.texts, text)
	}
	return text
}

func (r *reader) date() clinical.DateTime {
	precision := clinical.Precision(r.byte())
	if precision == clinical.PrecisionNone {
		return clinical.DateTime{}
	}
	zigzag := r.uint()
	seconds := int64(zigzag>>1) ^ -int64(zigzag&1)
	const most = 400_000_000_000 // beyond the year 9999
	if precision > clinical.PrecisionSecond || seconds > most || seconds < -most {
		r.fail(ErrMalformed)
		return clinical.DateTime{}
	}
	date := clinical.NewDateTime(time.Unix(seconds, 0).UTC(), precision)
	if date.At().Unix() != seconds {
		r.fail(ErrMalformed)
	}
	return date
}

// number reads an NHS number; a missing one is the zero number.
func (r *reader) number() clinical.NHSNumber {
	text := r.text()
	if text == "" {
		return clinical.NHSNumber{}
	}
	number, err := clinical.ParseNHSNumber(text)
	if err != nil || len(text) != 10 {
		r.fail(ErrMalformed)
	}
	return number
}

// texts writes a list of texts.
func (w *writer) list(texts []string) {
	w.count(len(texts))
	for _, text := range texts {
		w.text(text)
	}
}

func (r *reader) list() []string {
	var all []string
	for range r.count() {
		all = append(all, r.text())
	}
	return all
}
