package wire

import (
	"bufio"
	"encoding/binary"
	"io"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

// The flags of somebody who is listed, and the mark that somebody follows.
const (
	registered = 1 << iota
	sensitive
	follows
)

// Members writes a list of people. A list that does not end with Close is no list.
type Members struct {
	to    io.Writer
	w     *writer
	count uint64
}

// WriteMembers begins a list of people.
func WriteMembers(to io.Writer) *Members { return &Members{to: to, w: newWriter(nil)} }

// piece is how many bytes are gathered before they are sent.
const piece = 32 << 10

// Write adds somebody.
func (m *Members) Write(one sources.Membership) error {
	flags := byte(follows)
	if one.Registered {
		flags |= registered
	}
	if one.Sensitive {
		flags |= sensitive
	}
	m.w.b = append(m.w.b, flags)
	m.w.b = append(m.w.b, one.Person.Reveal()...)
	m.w.text(string(one.Organisation))
	m.count++
	if len(m.w.b) < piece {
		return nil
	}
	return m.flush()
}

func (m *Members) flush() error {
	_, err := m.to.Write(m.w.b)
	m.w.b = m.w.b[:0]
	return err
}

// Close ends the list, and says how many people are on it.
func (m *Members) Close() error {
	m.w.b = append(m.w.b, 0)
	m.w.uint(m.count)
	return m.flush()
}

// What a list may hold: the texts of it, and people, several times as many as live in London.
const (
	mostOrganisations = 100_000
	mostMembers       = 50_000_000
)

// ReadMembers reads a list of people, one after the other as they come. An error of yield ends the reading and is returned as it is;
// any other is [ErrMalformed] or the stream's.
func ReadMembers(from io.Reader, yield func(sources.Membership) error) error {
	r := bufio.NewReaderSize(from, piece)
	if first, err := r.ReadByte(); err != nil || first != form {
		return cutShort(err)
	}
	var count uint64
	var texts []string
	for {
		flags, err := r.ReadByte()
		if err != nil {
			return cutShort(err)
		}
		if flags == 0 {
			return ended(r, count)
		}
		one, err := member(r, flags, &texts)
		if err != nil {
			return cutShort(err)
		}
		if count++; count > mostMembers {
			return ErrMalformed
		}
		if err := yield(one); err != nil {
			return err
		}
	}
}

// ended checks the end of a list.
func ended(r *bufio.Reader, count uint64) error {
	if said, err := binary.ReadUvarint(r); err != nil || said != count {
		return cutShort(err)
	}
	if _, err := r.ReadByte(); err != io.EOF {
		return cutShort(err)
	}
	return nil
}

// cutShort is what a list is that ends where it must not.
func cutShort(err error) error {
	if err == nil || err == io.EOF || err == io.ErrUnexpectedEOF {
		return ErrMalformed
	}
	return err
}

func member(r *bufio.Reader, flags byte, texts *[]string) (sources.Membership, error) {
	if flags&follows == 0 || flags >= follows<<1 {
		return sources.Membership{}, ErrMalformed
	}
	var digits [10]byte
	if _, err := io.ReadFull(r, digits[:]); err != nil {
		return sources.Membership{}, err
	}
	number, err := clinical.ParseNHSNumber(string(digits[:]))
	if err != nil {
		return sources.Membership{}, ErrMalformed
	}
	organisation, err := organisation(r, texts)
	return sources.Membership{Person: number, Organisation: clinical.Text(organisation), Registered: flags&registered != 0,
		Sensitive: flags&sensitive != 0}, err
}

func organisation(r *bufio.Reader, texts *[]string) (string, error) {
	value, err := binary.ReadUvarint(r)
	if err != nil {
		return "", err
	}
	if value&1 == 1 {
		if value>>1 >= uint64(len(*texts)) {
			return "", ErrMalformed
		}
		return (*texts)[value>>1], nil
	}
	if value>>1 > short || len(*texts) >= mostOrganisations {
		return "", ErrMalformed
	}
	text := make([]byte, value>>1)
	if _, err := io.ReadFull(r, text); err != nil {
		return "", err
	}
	if len(text) > 0 {
		*texts = append(*texts, string(text))
	}
	return string(text), nil
}
