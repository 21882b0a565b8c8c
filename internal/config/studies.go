package config

import (
	"encoding/csv"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/yamltree"
)

// Studies says how questions about many people are answered. Without a folder none are taken.
type Studies struct {
	Folder    string                   // what each project was told, a sealed file each
	Codelists string                   // folder of the registered code lists
	Boroughs  map[clinical.Text]string // by the ODS code of a practice
	Deadline  time.Duration            // how long sources are waited for
	Keep      time.Duration            // how long an answer can be fetched, and a question that was cut short be taken up
	Memory    int                      // bytes that one question may take
}

func (s section) studies() Studies {
	if _, ok := s.keys["studies"]; !ok {
		return Studies{}
	}
	of := s.in("studies", "folder", "codelists", "organisations", "deadline", "keep", "memory")
	folder := of.required("folder", "say where to keep what each project was told")
	if folder != "" {
		folder = of.path(folder)
	}
	of.required("codelists", "name the folder of the code lists that are registered; its index.yaml may hold none: lists: {}")
	return Studies{Folder: folder, Codelists: of.folderPath("codelists"), Boroughs: of.boroughs("organisations"), Deadline: of.duration("deadline"),
		Keep: of.duration("keep"), Memory: of.size("memory")}
}

// boroughs reads a CSV file with the columns ods_code and borough among others, as the NHS's own files have them.
func (s section) boroughs(key string) map[clinical.Text]string {
	path := s.file(key)
	if path == "" {
		return nil
	}
	file, err := os.Open(path)
	if err != nil {
		s.Fault(s.keys[key], "%s cannot be opened", yamltree.Show(s.text(key)))
		return nil
	}
	defer file.Close() // only read
	read, err := readBoroughs(file)
	if err != nil {
		s.Fault(s.keys[key], "%s %v", yamltree.Show(s.text(key)), err)
	}
	return read
}

func readBoroughs(from io.Reader) (map[clinical.Text]string, error) {
	rows := csv.NewReader(from)
	header, err := rows.Read()
	if err != nil {
		return nil, errors.New("is not a CSV file with a line of names at its top")
	}
	code, borough := slices.Index(header, "ods_code"), slices.Index(header, "borough")
	if code < 0 || borough < 0 {
		return nil, errors.New("has no columns ods_code and borough")
	}
	all := map[clinical.Text]string{}
	for {
		row, err := rows.Read()
		switch {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, err
		}
		if name := strings.TrimSpace(row[borough]); name != "" {
			all[clinical.Text(strings.TrimSpace(row[code]))] = name
		}
	}
}
