package codelist

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
	"onelondon/internal/yamltree"
)

// IndexFile is the name of the file that says which lists a folder holds.
const IndexFile = "index.yaml"

// List is a registered code list.
type List struct {
	Name    string
	Title   string
	Source  string // who keeps it, and under what name
	Version string
	Codes   []cohort.CodelistEntry // as listed; sorted, each once
	Digest  string                 // of the codes: "sha256:" and 64 hexadecimal digits
}

// Registry is the code lists of a site. It does not change.
type Registry struct{ lists map[string]*List }

// List finds a list by its name.
func (r *Registry) List(name string) (*List, bool) {
	list, ok := r.lists[name]
	return list, ok
}

// Names lists the names, sorted.
func (r *Registry) Names() []string { return slices.Sorted(maps.Keys(r.lists)) }

// Load reads the lists of a folder. The error is [yamltree.Faults] with everything that is wrong with the index and its files.
func Load(folder fs.FS) (*Registry, error) {
	data, err := fs.ReadFile(folder, IndexFile)
	if err != nil {
		return nil, fmt.Errorf("read code lists: %w", err)
	}
	reader, top, ok := yamltree.Read(IndexFile, data)
	l := &loader{Reader: reader, folder: folder}
	registry := &Registry{lists: map[string]*List{}}
	if ok {
		l.index(top, registry)
	}
	if err := reader.Faults().Err(); err != nil {
		return nil, err
	}
	return registry, nil
}

// loader reads an index and the files it names.
type loader struct {
	*yamltree.Reader
	folder fs.FS
}

func (l *loader) index(top yamltree.Node, into *Registry) {
	lists, ok := l.Object(top, "lists")["lists"]
	if !ok {
		l.Fault(top, "lists is missing; name each list with its title, source, version and files")
		return
	}
	for _, entry := range l.Entries(lists) {
		if !listName.MatchString(entry.Key) {
			l.Fault(entry.At(), "%s is not a name; write lower-case words joined by hyphens", yamltree.Show(entry.Key))
		}
		into.lists[entry.Key] = l.list(entry)
	}
}

// listName is the form of names that definitions can use.
var listName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func (l *loader) list(entry yamltree.Entry) *List {
	keys := l.Object(entry.Value, "title", "source", "version", "files")
	list := &List{Name: entry.Key}
	for key, into := range map[string]*string{"title": &list.Title, "source": &list.Source, "version": &list.Version} {
		*into, _ = l.Text(keys[key])
		if *into = strings.TrimSpace(*into); *into == "" {
			l.Fault(entry.At(), "%s is missing; whoever reads an answer must be able to find the list", key)
		}
	}
	files, ok := keys["files"]
	if !ok {
		l.Fault(entry.At(), "files is missing; name the CSV files of the list")
		return list
	}
	for _, file := range l.List(files) {
		list.Codes = append(list.Codes, l.file(file)...)
	}
	list.Codes = unique(list.Codes)
	list.Digest = digest(list.Codes)
	return list
}

// file reads one file of a list.
func (l *loader) file(n yamltree.Node) []cohort.CodelistEntry {
	keys := l.Object(n, "file", "system")
	name, ok := l.Text(keys["file"])
	if !ok || !fs.ValidPath(name) || path.Ext(name) != ".csv" {
		l.Fault(n, "file is no CSV file in the folder of the index; write {file: name.csv, system: SNOMED_CT}")
		return nil
	}
	written, _ := l.Text(keys["system"])
	system := clinical.CodeSystem(written)
	if system != "" && !slices.Contains(clinical.CodeSystems(), system) {
		l.Fault(keys["system"], "%s is no terminology; use one of %v", yamltree.Show(written), clinical.CodeSystems())
		return nil
	}
	data, err := fs.ReadFile(l.folder, name)
	if err != nil {
		l.Fault(keys["file"], "there is no file %s in the folder of the index", yamltree.Show(name))
		return nil
	}
	codes, err := Read(name, data, system)
	if faults := (yamltree.Faults)(nil); errors.As(err, &faults) {
		l.Add(faults...)
	}
	return codes
}

// digest identifies a set of codes.
func digest(codes []cohort.CodelistEntry) string {
	var text strings.Builder
	for _, code := range codes {
		text.WriteString(string(code.System) + "\t" + string(code.Code) + "\n")
	}
	sum := sha256.Sum256([]byte(text.String()))
	return "sha256:" + hex.EncodeToString(sum[:])
}
