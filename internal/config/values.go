package config

import (
	"encoding/base64"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/yamltree"
)

// text reads an optional text.
func (s section) text(key string) string {
	text, ok := s.Text(s.keys[key])
	if ok && strings.TrimSpace(text) == "" {
		s.Fault(s.keys[key], "is empty; give it a value or leave it out")
	}
	return strings.TrimSpace(text)
}

// required reads a required text.
func (s section) required(key, advice string) string {
	if _, ok := s.keys[key]; !ok {
		s.Fault(s.at, "%s%s is missing; %s", s.absent, key, advice)
		return ""
	}
	return s.text(key)
}

// oneOf reads one of a few words; the first is the default.
func (s section) oneOf(key string, words ...string) string {
	if _, ok := s.keys[key]; !ok {
		return words[0]
	}
	word := s.text(key)
	if word != "" && !slices.Contains(words, word) {
		s.Fault(s.keys[key], "%s is not one of %s", yamltree.Show(word), strings.Join(words, ", "))
		return words[0]
	}
	return word
}

func (s section) truth(key string, otherwise bool) bool {
	n, ok := s.keys[key]
	if !ok {
		return otherwise
	}
	text := s.text(key)
	if !n.IsTruth() {
		s.Fault(n, "%s is neither true nor false", yamltree.Show(text))
	}
	return text == "true"
}

// count reads a whole number above zero; zero means that it was left out.
func (s section) count(key string) int {
	text := s.text(key)
	if text == "" {
		return 0
	}
	number, err := strconv.Atoi(text)
	if err != nil || number <= 0 {
		s.Fault(s.keys[key], "%s is not a whole number above zero", yamltree.Show(text))
	}
	return number
}

// duration reads a time such as 2s, 500ms or 5m.
func (s section) duration(key string) time.Duration {
	text := s.text(key)
	if text == "" {
		return 0
	}
	read, err := time.ParseDuration(text)
	if err != nil || read <= 0 {
		s.Fault(s.keys[key], "%s is not a time above zero; write 500ms, 2s or 5m", yamltree.Show(text))
	}
	return read
}

// size reads a number of bytes, such as 1048576, 64KiB or 1MiB.
func (s section) size(key string) int {
	text := s.text(key)
	if text == "" {
		return 0
	}
	digits, unit := strings.TrimRight(text, "KMGiB "), 1
	switch strings.TrimSpace(strings.TrimPrefix(text, digits)) {
	case "", "B":
	case "KiB":
		unit = 1 << 10
	case "MiB":
		unit = 1 << 20
	case "GiB":
		unit = 1 << 30
	default:
		digits = ""
	}
	number, err := strconv.Atoi(digits)
	if err != nil || number <= 0 || number > 1<<40/unit {
		s.Fault(s.keys[key], "%s is not a size above zero; write 65536, 64KiB or 8MiB", yamltree.Show(text))
	}
	return number * unit
}

// path makes a path from the file absolute: relative paths start at the configuration's folder.
func (l *loader) path(text string) string {
	if filepath.IsAbs(text) {
		return filepath.Clean(text)
	}
	return filepath.Join(l.folder, text)
}

// file reads the path of an existing file.
func (s section) file(key string) string {
	return s.existing(key, "file", func(info os.FileInfo) bool { return info.Mode().IsRegular() })
}

// folderPath reads the path of an existing folder.
func (s section) folderPath(key string) string { return s.existing(key, "folder", os.FileInfo.IsDir) }

func (s section) existing(key, what string, is func(os.FileInfo) bool) string {
	text := s.text(key)
	if text == "" {
		return ""
	}
	path := s.path(text)
	if info, err := os.Stat(path); err != nil || !is(info) {
		s.Fault(s.keys[key], "there is no %s %s; relative paths start from the folder of the configuration", what, yamltree.Show(text))
	}
	return path
}

// environment matches a reference to an environment variable.
var environment = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)\}`)

// expand resolves the references in a text: file:PATH as a whole, ${NAME} anywhere.
func (s section) expand(n yamltree.Node, text string) string {
	if path, ok := strings.CutPrefix(text, "file:"); ok {
		content, err := os.ReadFile(s.path(path))
		if err != nil {
			s.Fault(n, "there is no file %s that can be read; relative paths start from the folder of the configuration", yamltree.Show(path))
		}
		return strings.TrimSpace(string(content))
	}
	return environment.ReplaceAllStringFunc(text, func(reference string) string {
		name := reference[2 : len(reference)-1]
		value, ok := os.LookupEnv(name)
		if !ok {
			s.Fault(n, "the environment has no %s; set it where the server is started", name)
		}
		return value
	})
}

func (s section) secrets() Secrets {
	keys := s.in("secrets", "person_key", "cursor_key")
	_ = keys.required("person_key",
		"make one with: openssl rand -hex 32 > person.key, and write person_key: file:person.key")
	return Secrets{Person: keys.secret("person_key"), Cursor: keys.secret("cursor_key")}
}

// secret reads a key given by reference: 32 bytes as 64 hexadecimal digits or as base64.
func (s section) secret(key string) (secret Secret) {
	n := s.keys[key]
	text := s.text(key)
	if text == "" {
		return secret
	}
	if !strings.HasPrefix(text, "file:") && !(strings.HasPrefix(text, "${") && strings.HasSuffix(text, "}")) {
		s.Fault(n, "a secret does not stand in the file; write file:PATH or ${NAME}")
		return secret
	}
	before := len(s.Faults())
	content := s.expand(n, text)
	if len(s.Faults()) > before {
		return secret
	}
	raw, err := hex.DecodeString(content)
	if err != nil {
		raw, err = base64.StdEncoding.DecodeString(content)
	}
	if err != nil || copy(secret[:], raw) != len(raw) || len(raw) != len(secret) || secret.IsZero() {
		s.Fault(n, "not a key of 32 bytes; make one with: openssl rand -hex 32")
	}
	return secret
}

// superseded reads a CSV file of retired NHS numbers. Faults give the line but never the number.
func (s section) superseded(key string) []Superseded {
	path := s.file(key)
	if path == "" {
		return nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil // reported by file
	}
	defer func() { _ = file.Close() }()
	rows := csv.NewReader(file)
	rows.FieldsPerRecord = 2
	if header, err := rows.Read(); err != nil || !slices.Equal(header, []string{"old", "current"}) {
		s.Fault(s.keys[key], "the file does not begin with the line old,current")
		return nil
	}
	var read []Superseded
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return read
		}
		line, _ := rows.FieldPos(0)
		if err != nil {
			s.Fault(s.keys[key], "the file cannot be read beyond line %d; each line is two NHS numbers", line)
			return read
		}
		old, oldErr := clinical.ParseNHSNumber(row[0])
		current, currentErr := clinical.ParseNHSNumber(row[1])
		if oldErr != nil || currentErr != nil || old == current {
			s.Fault(s.keys[key], "line %d of the file is not two different NHS numbers", line)
			continue
		}
		read = append(read, Superseded{old, current})
	}
}
