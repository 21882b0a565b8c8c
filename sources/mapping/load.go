package mapping

import (
	"slices"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/internal/yamltree"
)

// Load reads and checks a mapping. Name is the file's name for messages; parameters are the site's values for the names
// listed in the mapping under parameters. The error is a [Faults] with everything that is wrong.
func Load(name string, data []byte, parameters map[string]string) (*Mapping, error) {
	return load(name, data, parameters, false)
}

// LoadPaths is Load for a mapping of an openEHR server, whose tables are the contents of an EHR and whose columns are
// node paths.
func LoadPaths(name string, data []byte, parameters map[string]string) (*Mapping, error) {
	return load(name, data, parameters, true)
}

func load(name string, data []byte, parameters map[string]string, paths bool) (*Mapping, error) {
	reader, top, ok := yamltree.Read(name, data)
	l := &loader{Reader: reader, given: parameters, used: map[string]bool{}, paths: paths}
	loaded := &Mapping{Records: map[clinical.Kind][]RecordSet{}, Paths: paths}
	if ok {
		l.mapping(top, loaded)
	}
	if err := reader.Faults().Err(); err != nil {
		return nil, err
	}
	return loaded, nil
}

// loader turns YAML into a Mapping and collects faults.
type loader struct {
	*yamltree.Reader
	given    map[string]string // parameter values of the site
	declared []string          // parameters listed in the mapping
	paths    bool              // columns are node paths
	used     map[string]bool   // parameters and placeholders used in expressions
	repeated map[string]string // placeholders of the record set being read

	missing     []string                      // days that mean "missing", unless a date has its own
	precisions  map[string]clinical.Precision // words for precisions, unless a date has its own
	personScope map[string]bool
	personTable Table
	owner       Organisation
}

func (l *loader) mapping(top yamltree.Node, into *Mapping) {
	// parts is a place for YAML anchors; its contents are read where they are used.
	keys := l.Object(top, "system", "title", "discreet", "one_consent", "parameters", "parts", "missing_dates", "precisions", "versions", "person", "records", "watermark")
	l.parameters(keys["parameters"])
	into.System = l.required(top, keys, "system", "name the type of system, such as emis-web")
	into.Title = l.required(top, keys, "title", "say what people call the system")
	if discreet, ok := keys["discreet"]; ok {
		into.Discreet = l.truth(discreet)
	}
	if one, ok := keys["one_consent"]; ok {
		if into.OneConsent = l.truth(one); !l.paths {
			l.Fault(one, "is for an openEHR server; a database's own tables say what holds, in the labels of a set")
		}
	}
	if days, ok := keys["missing_dates"]; ok {
		l.missing = l.days(days)
	}
	if words, ok := keys["precisions"]; ok {
		l.precisions = l.precisionWords(words)
	}
	person, ok := keys["person"]
	if !ok {
		l.Fault(top, "person is missing; say in which table a person and the NHS number are found")
		return
	}
	into.Person = l.person(person)
	if records, ok := keys["records"]; ok {
		l.records(records, into)
	} else {
		l.Fault(top, "records is missing; list the kinds of record that the system holds")
	}
	if marks, ok := keys["watermark"]; ok {
		into.Watermark = l.watermarks(marks)
	}
	switch versions, ok := keys["versions"]; {
	case ok && l.paths:
		l.Fault(versions, "an openEHR server shows the latest version of a composition by itself; take versions out")
	case ok:
		l.latest(l.versions(versions), into)
	}
	l.unused(keys["parameters"])
}

// truth reads true or false.
func (l *loader) truth(n yamltree.Node) bool {
	text, ok := l.Text(n)
	if ok && !n.IsTruth() {
		l.Fault(n, "%s is neither true nor false", yamltree.Show(text))
	}
	return text == "true"
}

// required reads a text that must be present.
func (l *loader) required(parent yamltree.Node, keys map[string]yamltree.Node, key, advice string) string {
	n, ok := keys[key]
	if !ok {
		l.Fault(parent, "%s is missing; %s", key, advice)
		return ""
	}
	text, _ := l.Text(n)
	return strings.TrimSpace(text)
}

// parameters reads the list of parameters and compares it with what the site gave.
func (l *loader) parameters(n yamltree.Node) {
	if n.Present() {
		for _, item := range l.List(n) {
			name, ok := l.Text(item)
			switch {
			case !ok:
			case !isWord(name):
				l.Fault(item, "%s cannot name a parameter; use letters, digits and _", yamltree.Show(name))
			case slices.Contains(l.declared, name):
				l.Fault(item, "parameter %s is listed twice; remove one", name)
			default:
				l.declared = append(l.declared, name)
				l.checkGiven(item, name)
			}
		}
	}
	for _, name := range sortedKeys(l.given) {
		if !slices.Contains(l.declared, name) {
			l.Fault(orTop(n), "the site gives a parameter %s that the mapping does not list; remove it from the site", yamltree.Show(name))
		}
	}
}

func (l *loader) checkGiven(item yamltree.Node, name string) {
	value, ok := l.given[name]
	switch {
	case !ok:
		l.Fault(item, "parameter %s has no value; give it one where the source is configured", name)
	case !isParameterValue(value):
		l.Fault(item, "the value of parameter %s may hold only letters, digits, blanks and _ . , ' ( ) & -", name)
	}
}

// unused reports parameters that nothing refers to.
func (l *loader) unused(n yamltree.Node) {
	for _, name := range l.declared {
		if !l.used[name] {
			l.Fault(orTop(n), "parameter %s is not used; use it as ${%s} or remove it", name, name)
		}
	}
}

// placeholder returns the value of ${name}.
func (l *loader) placeholder(name string) (string, bool) {
	if value, ok := l.repeated[name]; ok {
		l.used[name] = true
		return value, true
	}
	if !slices.Contains(l.declared, name) {
		return "", false
	}
	l.used[name] = true
	value := l.given[name]
	if !isParameterValue(value) { // already reported where it is listed
		return "x", true
	}
	return value, true
}

func isParameterValue(value string) bool {
	for i := range len(value) {
		if c := value[i]; !isWordStart(c) && !isDigit(c) && strings.IndexByte(" .,'()&-", c) < 0 {
			return false
		}
	}
	return value != "" && len(value) <= 200
}

// orTop is n, or the top of the file if n does not exist.
func orTop(n yamltree.Node) yamltree.Node {
	if !n.Present() {
		return yamltree.Node{Line: 1, Column: 1}
	}
	return n
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
