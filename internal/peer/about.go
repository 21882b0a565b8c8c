package peer

import (
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"

	"onelondon/internal/auth"
	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/onelondon/wire"
)

// about says who this is, and which kinds of record there are.
func (s *Server) about(v *visit) {
	said, err := s.says()
	if err != nil {
		v.refuse(s, wire.RefusedUnavailable)
		return
	}
	v.send(said.body)
}

// said is an About, and of which kinds.
type said struct {
	kinds  []clinical.Kind
	body   []byte
	digest string
}

// says is what is said now, which changes with the kinds that the sources hold.
func (s *Server) says() (*said, error) {
	kinds := s.options.Gate.Holds()
	if last := s.said.Load(); last != nil && slices.Equal(last.kinds, kinds) {
		return last, nil
	}
	body, err := json.Marshal(wire.About{Instance: s.options.Instance, Kinds: wire.Vocabulary(kinds)})
	if err != nil {
		return nil, err
	}
	now := &said{kinds, body, wire.DigestOf(body)}
	s.said.Store(now)
	return now, nil
}

// hops reads which OneLondons a request without a question passed.
func (s *Server) hops(v *visit) ([]string, error) {
	path := strings.Split(v.r.Header.Get(wire.HopsHeader), ",")
	return path, s.path(v.desk, path)
}

// watermark says how fresh the source is that is furthest behind.
func (s *Server) watermark(v *visit) {
	path, err := s.hops(v)
	if err != nil {
		v.refuse(s, why(err))
		return
	}
	body, err := json.Marshal(s.options.Gate.Watermark(sources.WithHops(v.r.Context(), path)).String())
	if err != nil {
		v.refuse(s, wire.RefusedUnavailable)
		return
	}
	v.send(body)
}

// people lists whom the sources know, for the index of a peer that may have it. A list that cannot be made whole has no end, so
// that nobody takes it for one.
func (s *Server) people(v *visit) {
	path, err := s.hops(v)
	if err == nil && !v.desk.Locate {
		err = refusal(wire.RefusedCaller)
	}
	if err != nil {
		v.refuse(s, why(err))
		return
	}
	caller := auth.Caller{ID: "peer:" + v.desk.Instance, Name: v.desk.Instance, Automated: true, RequestID: rand.Text(), Via: path}
	members := wire.WriteMembers(v.w)
	v.w.Header().Set("Content-Type", wire.Media)
	err = s.options.Gate.People(sources.WithHops(v.r.Context(), path), caller, members.Write)
	if err == nil {
		err = members.Close()
	}
	if err != nil {
		s.options.Log.LogAttrs(v.r.Context(), slog.LevelWarn, "a list for another OneLondon was not finished",
			slog.String("peer", v.desk.Instance))
	}
}
