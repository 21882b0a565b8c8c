package ehrstore

import (
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// Object is a JSON object of openEHR's reference model.
type Object = map[string]any

// The ways in which something cannot be stored.
var (
	ErrNotFound = errors.New("there is no such EHR or composition")
	ErrConflict = errors.New("it is there already, or was changed meanwhile")
	ErrInvalid  = errors.New("not an object of the class that belongs here")
	ErrReadOnly = errors.New("what was read from files is not changed")
)

// Store holds EHRs. It is safe for concurrent use.
type Store struct {
	system string
	now    func() time.Time

	mu     sync.RWMutex
	sealed bool // nothing is stored any more
	ehrs   []*ehr
	byID   map[string]*ehr
	// bySubject finds EHRs by the subject's id, since nearly every query asks for some.
	bySubject map[string][]*ehr

	templates []template

	reading sync.Mutex
	kept    map[string]*reading // queries as they were read, by their text
}

// ehr is one EHR with the newest version of each composition that was not deleted, in the order in which they were committed first.
type ehr struct {
	object       Object // as a query sees it: ehr_id, ehr_status, system_id
	compositions []*version
}

// version is the newest version of a composition.
type version struct {
	object  Object   // as a query sees it: uid, commit_audit
	members []member // the composition, with all that it contains
	id      string   // of the versioned object
	number  int
}

// New makes an empty store. System is the id that versions are made under.
func New(system string, now func() time.Time) *Store {
	return &Store{system: system, now: now, byID: map[string]*ehr{}, bySubject: map[string][]*ehr{}, kept: map[string]*reading{}}
}

// CreateEHR makes an EHR with an EHR_STATUS and returns its id. There is one for each subject.
func (s *Store) CreateEHR(status Object) (string, error) {
	if status["_type"] != "EHR_STATUS" {
		return "", fmt.Errorf("create EHR: %w", ErrInvalid)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id := newID()
	_, err := s.take(id, Object{"ehr_id": Object{"_type": "HIER_OBJECT_ID", "value": id}, "ehr_status": status,
		"system_id": Object{"_type": "HIER_OBJECT_ID", "value": s.system}, "time_created": s.moment()})
	if err != nil {
		return "", fmt.Errorf("create EHR: %w", err)
	}
	return id, nil
}

// take keeps an EHR, unless it is there or its subject has one.
func (s *Store) take(id string, object Object) (*ehr, error) {
	subject, namespace := subjectOf(object)
	if s.sealed {
		return nil, ErrReadOnly
	}
	for _, other := range s.bySubject[subject] {
		if _, of := subjectOf(other.object); subject != "" && of == namespace {
			return nil, ErrConflict
		}
	}
	if s.byID[id] != nil {
		return nil, ErrConflict
	}
	made := &ehr{object: object}
	s.ehrs, s.byID[id] = append(s.ehrs, made), made
	s.bySubject[subject] = append(s.bySubject[subject], made)
	return made, nil
}

// subjectOf is whose an EHR is.
func subjectOf(ehr Object) (id, namespace string) {
	return at(ehr, "ehr_status", "subject", "external_ref", "id", "value"), at(ehr, "ehr_status", "subject", "external_ref", "namespace")
}

// Commit stores a new composition and returns the uid of its first version.
func (s *Store) Commit(ehrID string, composition Object) (uid string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	of, ok := s.byID[ehrID]
	if !ok {
		return "", fmt.Errorf("commit composition: %w", ErrNotFound)
	}
	made := &version{id: newID()}
	if uid, err = s.versioned(made, composition); err == nil {
		of.compositions = append(of.compositions, made)
	}
	return uid, err
}

// Replace stores a further version of a composition. Preceding is the uid of the version that it follows.
func (s *Store) Replace(ehrID, preceding string, composition Object) (uid string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, _, err := s.find(ehrID, preceding)
	if err != nil {
		return "", fmt.Errorf("replace composition: %w", err)
	}
	return s.versioned(found, composition)
}

// Delete deletes a composition. Preceding is the uid of its newest version.
func (s *Store) Delete(ehrID, preceding string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, place, err := s.find(ehrID, preceding)
	if err != nil {
		return fmt.Errorf("delete composition: %w", err)
	}
	of := s.byID[ehrID]
	of.compositions = slices.Delete(slices.Clone(of.compositions), place, place+1)
	return nil
}

func (s *Store) find(ehrID, uid string) (*version, int, error) {
	of, ok := s.byID[ehrID]
	switch {
	case s.sealed:
		return nil, 0, ErrReadOnly
	case !ok:
		return nil, 0, ErrNotFound
	}
	id, _, _ := strings.Cut(uid, "::")
	for i, each := range of.compositions {
		if each.id != id {
			continue
		}
		if at(each.object, "uid", "value") != uid {
			return nil, 0, ErrConflict
		}
		return each, i, nil
	}
	return nil, 0, ErrNotFound
}

// versioned makes composition the newest of a version.
func (s *Store) versioned(of *version, composition Object) (uid string, err error) {
	switch {
	case s.sealed:
		return "", ErrReadOnly
	case !isComposition(composition):
		return "", fmt.Errorf("store composition: %w", ErrInvalid)
	}
	of.number++
	uid = fmt.Sprintf("%s::%s::%d", of.id, s.system, of.number)
	of.object = Object{"uid": Object{"_type": "OBJECT_VERSION_ID", "value": uid}, "commit_audit": Object{"time_committed": s.moment()}}
	of.holds(composition)
	return uid, nil
}

// holds makes a composition that of the version, whose uid it has.
func (v *version) holds(composition Object) {
	kept := maps.Clone(composition)
	kept["uid"] = v.object["uid"]
	v.members = []member{memberOf(kept)}
}

func isComposition(object Object) bool {
	return object["_type"] == "COMPOSITION" && at(object, "archetype_node_id") != "" && at(object, "archetype_details", "archetype_id", "value") != ""
}

// moment is now, as a DV_DATE_TIME.
func (s *Store) moment() Object { return DateTime(s.now().UTC().Format("2006-01-02T15:04:05.000000Z")) }

// Len is how many EHRs there are.
func (s *Store) Len() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.ehrs)
}

// newID makes a random UUID (RFC 9562, version 4).
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// at is the text that keys lead to, "" where there is none.
func at(of Object, keys ...string) string {
	for _, key := range keys[:len(keys)-1] {
		of, _ = of[key].(Object)
	}
	text, _ := of[keys[len(keys)-1]].(string)
	return text
}
