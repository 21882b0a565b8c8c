package ehrstore

import (
	"errors"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"onelondon/sources/files"
)

// ehrFile is the file of a folder that says whose EHR it is.
const ehrFile = "ehr.json"

// The faults of EHRs and compositions.
var (
	errEHR         = errors.New("no EHR: it has no ehr_id or no EHR_STATUS")
	errEHRTwice    = errors.New("an EHR that stands in another folder too, or whose subject has another")
	errNoEHR       = errors.New("there is no " + ehrFile + " beside it that says whose it is")
	errComposition = errors.New("neither a COMPOSITION nor an ORIGINAL_VERSION of one in canonical JSON")
	errUID         = errors.New("a composition without a uid")
	errUIDTwice    = errors.New("a version that stands in the folder twice")
)

// deleted is the lifecycle state of a version whose composition is gone (openEHR Support Terminology, version lifecycle state).
const deleted = "523"

// Read makes a server of a folder of files, which cannot be written to. It holds a folder for each EHR: ehr.json, the EHR as GET
// /ehr/{ehr_id} gives it, and beside it compositions in canonical JSON, each as a COMPOSITION or as the ORIGINAL_VERSION that holds it, which
// says when it was committed. Of several versions the newest counts, as on a server. Whatever is not understood is one of [files.Faults].
func Read(folder string) (*Store, error) {
	s := New("", time.Now)
	var compositions []files.Document
	folders := map[string]*ehr{}
	err := files.Each(folder, func(document files.Document) error {
		if path.Base(document.File) != ehrFile {
			compositions = append(compositions, document)
			return nil
		}
		made, err := s.exported(document.Object)
		folders[path.Dir(document.File)] = made
		return err
	})
	if err != nil {
		return nil, err
	}
	var faults files.Faults
	for i := range compositions {
		document := &compositions[i]
		if err := s.version(folders[path.Dir(document.File)], document.Object); err != nil {
			faults = append(faults, document.Fault(err))
		}
	}
	for _, each := range s.ehrs {
		each.compositions = slices.DeleteFunc(each.compositions, func(v *version) bool { return v.members == nil })
	}
	s.sealed = true
	return s, faults.Err()
}

// exported takes an EHR in.
func (s *Store) exported(object Object) (*ehr, error) {
	status, _ := object["ehr_status"].(Object)
	id := at(object, "ehr_id", "value")
	if id == "" || status["_type"] != "EHR_STATUS" {
		return nil, errEHR
	}
	made, err := s.take(id, object)
	if err != nil {
		return nil, errEHRTwice
	}
	return made, nil
}

// version takes a version of a composition in, unless a newer one of it is there.
func (s *Store) version(of *ehr, document Object) error {
	if of == nil {
		return errNoEHR
	}
	made, err := versionOf(document)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(of.compositions, func(other *version) bool { return other.id == made.id })
	switch {
	case i < 0:
		of.compositions = append(of.compositions, made)
	case of.compositions[i].number == made.number:
		return errUIDTwice
	case of.compositions[i].number < made.number:
		of.compositions[i] = made
	}
	return nil
}

// versionOf reads a version; a deleted one has no members.
func versionOf(document Object) (*version, error) {
	composition, uid, audit := document, document["uid"], Object{}
	if document["_type"] == "ORIGINAL_VERSION" {
		audit, _ = document["commit_audit"].(Object)
		composition, _ = document["data"].(Object)
		if at(document, "lifecycle_state", "defining_code", "code_string") == deleted {
			composition = nil
		} else if composition == nil {
			return nil, errComposition
		}
	}
	if composition != nil && !isComposition(composition) {
		return nil, errComposition
	}
	text := at(Object{"uid": uid}, "uid", "value")
	if text == "" {
		return nil, errUID
	}
	id, rest, _ := strings.Cut(text, "::")
	_, number, _ := strings.Cut(rest, "::")
	made := &version{id: id, object: Object{"uid": uid, "commit_audit": audit}}
	made.number, _ = strconv.Atoi(number) // a branch's number is no whole one, and any trunk's is newer
	if composition != nil {
		made.holds(composition)
	}
	return made, nil
}

// Write writes a folder that [Read] reads: all EHRs, and the newest version of each composition.
func (s *Store) Write(folder string) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, each := range s.ehrs {
		within := filepath.Join(folder, at(each.object, "ehr_id", "value"))
		if err := files.Write(within, ehrFile, each.object); err != nil {
			return err
		}
		for _, one := range each.compositions {
			written := Object{"_type": "ORIGINAL_VERSION", "uid": one.object["uid"], "commit_audit": one.object["commit_audit"],
				"lifecycle_state": Coded("openehr", "532", "complete"), "data": one.members[0].object}
			if err := files.Write(within, one.id+".json", written); err != nil {
				return err
			}
		}
	}
	return nil
}
