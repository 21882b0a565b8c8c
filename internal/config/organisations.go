package config

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/internal/yamltree"
)

// names reads the names of organisations, by ODS code.
func (s section) names() map[clinical.Text]clinical.Text {
	var names map[clinical.Text]clinical.Text
	for code, name := range s.organisations("organisations", "name") {
		if names == nil {
			names = map[clinical.Text]clinical.Text{}
		}
		names[code] = clinical.Text(name)
	}
	return names
}

// organisations reads a CSV file with the column ods_code and another one, as in the NHS's own files.
func (s section) organisations(key, column string) map[clinical.Text]string {
	path := s.file(key)
	if path == "" {
		return nil
	}
	file, err := os.Open(path)
	if err != nil {
		s.Fault(s.keys[key], "%s cannot be opened", yamltree.Show(s.text(key)))
		return nil
	}
	defer file.Close() // opened for reading only
	read, err := readOrganisations(file, column)
	if err != nil {
		s.Fault(s.keys[key], "%s %v", yamltree.Show(s.text(key)), err)
	}
	return read
}

func readOrganisations(from io.Reader, column string) (map[clinical.Text]string, error) {
	rows := csv.NewReader(from)
	header, err := rows.Read()
	if err != nil {
		return nil, errors.New("is not a CSV file with a line of names at its top")
	}
	code, wanted := slices.Index(header, "ods_code"), slices.Index(header, column)
	if code < 0 || wanted < 0 {
		return nil, fmt.Errorf("has no columns ods_code and %s", column)
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
		if value := strings.TrimSpace(row[wanted]); value != "" {
			all[clinical.Text(strings.TrimSpace(row[code]))] = value
		}
	}
}
