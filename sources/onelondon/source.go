package onelondon

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/onelondon/wire"
)

// Options say which OneLondon is asked, and who asks. All but Limits are required.
type Options struct {
	ID       clinical.SourceID // what the other is called here
	Instance string            // what this OneLondon is called by others
	Base     string            // https address of the other, without a path
	TLS      *tls.Config       // our certificate, and whom we believe
	Limits   sources.Limits    // of one answer where the query names none; default 5000 rows, 8 MiB
	Anew     time.Duration     // how often the other is asked what it holds, beside what its answers tell; default a minute
}

// Source is another OneLondon. It is safe for concurrent use.
type Source struct {
	options Options
	client  *client
	about   atomic.Pointer[about]
	changes atomic.Uint64 // how often the other came to hold something else
	reading sync.WaitGroup
	closed  context.Context
	end     context.CancelFunc

	mu    sync.Mutex
	knows map[wire.Digest]struct{} // lists of codes that were sent
}

// about is what the other says of itself, in our words.
type about struct {
	instance string
	fields   map[clinical.Kind]clinical.FieldSet
	digest   string
}

var (
	_ sources.Source      = (*Source)(nil)
	_ sources.Pinger      = (*Source)(nil)
	_ sources.Changing    = (*Source)(nil)
	_ sources.Lister      = (*Source)(nil)
	_ sources.Watermarked = (*Source)(nil)
)

// Open asks the other who it is. One that cannot be reached, or that does not take us for one that may ask, is an error.
func Open(ctx context.Context, options Options) (*Source, error) {
	base, err := url.Parse(options.Base)
	if err != nil || base.Scheme != "https" || base.Host == "" || base.RawQuery != "" || base.Fragment != "" || base.User != nil ||
		strings.Trim(base.Path, "/") != "" {
		return nil, errors.New("open another OneLondon: its address is not https://host:port")
	}
	if options.ID == "" || !wire.IsInstance(options.Instance) || options.TLS == nil || len(options.TLS.Certificates) == 0 {
		return nil, errors.New("open another OneLondon: id, instance and a certificate of our own are required")
	}
	if options.Limits.Rows <= 0 {
		options.Limits.Rows = 5000
	}
	if options.Limits.Bytes <= 0 {
		options.Limits.Bytes = 8 << 20
	}
	if options.Anew <= 0 {
		options.Anew = time.Minute
	}
	s := &Source{options: options, client: newClient("https://"+base.Host, &options), knows: map[wire.Digest]struct{}{}}
	s.closed, s.end = context.WithCancel(context.Background())
	if err := s.Ping(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("ask %s who it is: %w", options.ID, err), s.Close())
	}
	s.reading.Go(s.keepReading)
	return s, nil
}

// keepReading hears from time to time what the other holds, since one whose new kinds nobody knows of is asked for none of them.
func (s *Source) keepReading() {
	again := time.NewTicker(s.options.Anew)
	defer again.Stop()
	for {
		select {
		case <-s.closed.Done():
			return
		case <-again.C:
			ctx, cancel := context.WithTimeout(s.closed, readWithin)
			_ = s.Ping(ctx) // one that does not say now is asked again
			cancel()
		}
	}
}

// readWithin is how long the other may take to say what it holds.
const readWithin = 2 * time.Second

// Ping asks the other who it is, and hears anew which kinds of record it holds.
func (s *Source) Ping(ctx context.Context) error {
	body, err := s.client.get(ctx, wire.AboutPath)
	if err != nil {
		return err
	}
	said, err := wire.ReadAbout(body)
	if err != nil {
		return fmt.Errorf("%w: %w", sources.ErrMalformed, err)
	}
	now := &about{instance: said.Instance, fields: said.Fields(), digest: wire.DigestOf(body)}
	if before := s.about.Swap(now); before != nil && before.digest != now.digest {
		s.changes.Add(1)
	}
	return nil
}

// Changes counts how often the other came to hold something else.
func (s *Source) Changes() uint64 { return s.changes.Load() }

// Holds lists the kinds that any source of the other holds and that both know.
func (s *Source) Holds() []clinical.Kind {
	known := s.about.Load().fields
	return slices.DeleteFunc(clinical.Kinds(), func(kind clinical.Kind) bool { _, held := known[kind]; return !held })
}

// Watermark is how fresh the source of the other is that is furthest behind.
func (s *Source) Watermark(ctx context.Context) (clinical.DateTime, error) {
	body, err := s.client.get(ctx, wire.WatermarkPath)
	if err != nil {
		return clinical.DateTime{}, err
	}
	var text string
	if err := json.Unmarshal(body, &text); err != nil {
		return clinical.DateTime{}, sources.ErrMalformed
	}
	if text == "" {
		return clinical.DateTime{}, nil
	}
	at, err := clinical.ParseDateTime(text)
	if err != nil {
		return clinical.DateTime{}, sources.ErrMalformed
	}
	return at, nil
}

// People lists whom the other's sources know, where it lets us.
func (s *Source) People(ctx context.Context, yield func(sources.Membership) error) error {
	reply, err := s.client.send(ctx, http.MethodGet, wire.PeoplePath, nil)
	if err != nil {
		return err
	}
	defer func() { _ = reply.Body.Close() }()
	var own error
	err = wire.ReadMembers(reply.Body, func(one sources.Membership) error {
		own = yield(one)
		return own
	})
	switch {
	case own != nil:
		return own
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, wire.ErrMalformed):
		return fmt.Errorf("%w: %w", sources.ErrMalformed, err)
	case err != nil:
		return sources.ErrUnavailable
	}
	return nil
}

// Close ends the connections.
func (s *Source) Close() error {
	s.end()
	s.reading.Wait()
	s.client.http.CloseIdleConnections()
	return nil
}

// Fetch hands the query on. Kinds and fields that the other does not know are nothing it could have.
func (s *Source) Fetch(ctx context.Context, query sources.Query) (sources.Answer, error) {
	answer := sources.Answer{Parts: make([]sources.PartAnswer, len(query.Parts))}
	if err := ctx.Err(); err != nil {
		return sources.Answer{}, err
	}
	known := s.about.Load()
	if hops := sources.Hops(ctx); known.instance == s.options.Instance || slices.Contains(hops, known.instance) {
		return sources.Answer{}, refusal(wire.RefusedLoop)
	}
	asked, places := s.narrowed(&query, known)
	if len(asked.Parts) == 0 {
		return answer, nil
	}
	body, trips, err := s.ask(ctx, &asked, known)
	if err != nil {
		return sources.Answer{}, err
	}
	given, err := wire.ReadAnswer(body, &asked, s.options.ID)
	if err != nil {
		return sources.Answer{}, fmt.Errorf("%w: %w", sources.ErrMalformed, err)
	}
	for i := range given.Parts {
		if !placed(&given.Parts[i]) {
			return sources.Answer{}, sources.ErrMalformed
		}
		answer.Parts[places[i]] = given.Parts[i]
	}
	answer.RoundTrips, answer.Bytes = trips, given.Bytes
	return answer, nil
}

// narrowed is the query as the other can be asked it, and which part of the query each of its parts is.
func (s *Source) narrowed(query *sources.Query, known *about) (sources.Query, []int) {
	asked := *query
	asked.Parts = make([]sources.Part, 0, len(query.Parts))
	places := make([]int, 0, len(query.Parts))
	for i := range query.Parts {
		part := query.Parts[i]
		fields, held := known.fields[part.Kind]
		if !held || part.Condition.IsNever() {
			continue
		}
		part.Fields &= fields
		part.After = s.below(part.After)
		asked.Parts, places = append(asked.Parts, part), append(places, i)
	}
	if asked.Limits.Rows <= 0 {
		asked.Limits.Rows = s.options.Limits.Rows
	}
	if asked.Limits.Bytes <= 0 {
		asked.Limits.Bytes = s.options.Limits.Bytes
	}
	return asked, places
}

// below translates a position in our order into one in the other's: its sources are ours to it, and stand before the exclamation
// mark in our identifiers, which is below every character of an id. So both orders are one.
func (s *Source) below(at sources.Position) sources.Position {
	switch order := strings.Compare(string(at.Source), string(s.options.ID)); {
	case at.IsStart():
		return at
	case order < 0:
		at.Source = ""
	case order > 0:
		at.Source = "\U0010FFFF"
	default:
		first, rest, marked := strings.Cut(string(at.ID), "!")
		if at.Source = clinical.SourceID(first); marked && rest != "" {
			at.ID = clinical.Text(rest)
		} else {
			at.ID = "\x01" // before every record of that source
		}
	}
	return at
}

// placed reports whether every record is of a source below that has a line, and named as one of it.
func placed(part *sources.PartAnswer) bool {
	for _, record := range part.Records {
		meta := record.About()
		first, _, _ := strings.Cut(string(meta.Below), "/")
		id, marked := strings.CutPrefix(string(meta.ID), first+"!")
		if !marked || id == "" || first == "" ||
			!slices.ContainsFunc(part.Below, func(line sources.Below) bool { return line.Source == meta.Below }) {
			return false
		}
	}
	return true
}

// ask sends the query; once more, with every list of codes in full, where the other has forgotten one.
func (s *Source) ask(ctx context.Context, query *sources.Query, known *about) (body []byte, trips int, err error) {
	for trips = 1; ; trips++ {
		question := &wire.Question{Path: append(slices.Clone(sources.Hops(ctx)), s.options.Instance), To: known.instance,
			As: s.options.ID, At: time.Now(), Within: within(ctx), Query: *query}
		_, _ = rand.Read(question.Nonce[:]) // never fails: the runtime stops the process instead
		var sent []wire.Digest
		whole := wire.AppendQuestion(make([]byte, 0, 4<<10), question, func(list wire.Digest) bool {
			sent = append(sent, list)
			return s.sentBefore(list)
		})
		var by string
		body, by, err = s.client.post(ctx, wire.AskPath, whole, 2*query.Limits.Bytes+1<<20)
		if err == nil {
			s.remember(sent)
			err = s.still(ctx, known, by)
		}
		if trips > 1 || !refusedFor(err, wire.RefusedLists) {
			return body, trips, err
		}
		s.forget()
	}
}

// still reports whether the other holds what it held when the question was made. Where it does not, the question lacks what it would ask now: what is
// new, and whether the plan may be shown that a record is a part of. So the answer is not believed, and the next question knows.
func (s *Source) still(ctx context.Context, known *about, by string) error {
	if by == "" || by == known.digest {
		return nil // an older version does not say
	}
	if s.about.Load() == known {
		if err := s.Ping(ctx); err != nil {
			return err
		}
	}
	return sources.WithCode(sources.ErrUnavailable, "changed")
}

// within is how long the other may take: less than is left, so that what it could not ask in time is told by it and not by our
// own giving up.
func within(ctx context.Context) time.Duration {
	end, ok := ctx.Deadline()
	if !ok {
		return time.Minute
	}
	left := time.Until(end)
	return left - min(left/10, 50*time.Millisecond)
}

func (s *Source) sentBefore(list wire.Digest) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, sent := s.knows[list]
	return sent
}

// mostKnown bounds how many lists are remembered as sent.
const mostKnown = 10_000

func (s *Source) remember(lists []wire.Digest) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.knows) > mostKnown {
		clear(s.knows)
	}
	for _, list := range lists {
		s.knows[list] = struct{}{}
	}
}

func (s *Source) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.knows)
}
