package config

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"time"

	"onelondon/internal/clinical"
	"onelondon/internal/yamltree"
	"onelondon/sources/mapping"
)

// usualRefresh is the default interval for listing a source.
const usualRefresh = 5 * time.Minute

func (s section) sources() []Source {
	n, ok := s.keys["sources"]
	if !ok {
		s.Fault(s.at, "sources is missing; list the record systems to ask")
		return nil
	}
	items := s.List(n)
	if n.IsList() && len(items) == 0 {
		s.Fault(n, "there is no source; a server without one has nothing to answer")
	}
	read := make([]Source, len(items))
	seen := map[clinical.SourceID]int{}
	for i, item := range items {
		source := s.section(item, "id", "name", "driver", "dsn", "mapping", "parameters", "organisation", "deadline", "concurrency",
			"rows", "bytes", "connections", "locate", "study_deadline", "discreet", "fhir", "openehr", "onelondon", "files")
		read[i] = source.source()
		id := read[i].ID
		if line, twice := seen[id]; twice && id != "" {
			s.Fault(source.keys["id"], "the id %s is used by the source on line %d too; give each its own", yamltree.Show(string(id)), line)
		}
		seen[id] = source.keys["id"].Line
	}
	return read
}

var (
	sourceID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)
	odsCode  = regexp.MustCompile(`^[A-Z0-9]{3,10}$`)
)

func (s section) source() Source {
	var read Source
	id := s.required("id", "give the source a short name of its own, such as barts")
	if id != "" && !sourceID.MatchString(id) {
		s.Fault(s.keys["id"], "%s is not an id; use up to 40 small letters, digits and -", yamltree.Show(id))
	}
	read.ID = clinical.SourceID(id)
	read.Name = s.required("name", "say what people call the source")
	read.Driver = s.driver()
	if read.Files = s.exported(read.Driver); read.Files == "" {
		read.DSN = s.dsn(read.Driver)
	}
	if code := s.text("organisation"); code != "" {
		if !odsCode.MatchString(code) {
			s.Fault(s.keys["organisation"], "%s is not an ODS code, such as R1H", yamltree.Show(code))
		}
		read.Organisation = clinical.Text(code)
	}
	read.Deadline, read.Concurrency, read.Connections = s.duration("deadline"), s.count("concurrency"), s.count("connections")
	read.Study.Deadline = s.duration("study_deadline")
	read.Limits.Rows, read.Limits.Bytes = s.count("rows"), s.size("bytes")
	read.Refresh, read.Discreet = s.locate(), s.truth("discreet", false)
	if read.Driver == FHIRServer {
		read.System, read.FHIR = "fhir-r4", s.fhir()
		return read
	}
	if read.Driver == AnotherOneLondon {
		read.System, read.OneLondon = "onelondon", s.oneLondon()
		return read
	}
	if n, ok := s.keys["onelondon"]; ok {
		s.Fault(n, "is for a source with driver onelondon; take it out")
	}
	if n, ok := s.keys["fhir"]; ok {
		s.Fault(n, "is for a source with driver fhir; take it out")
	}
	load := mapping.Load
	if read.Driver == OpenEHRServer {
		read.OpenEHR, load = s.openEHR(), loadPaths
	} else if n, ok := s.keys["openehr"]; ok {
		s.Fault(n, "is for a source with driver openehr; take it out")
	}
	if read.Mapping, read.MappingFile = s.mapping(load); read.Mapping != nil {
		read.System, read.Discreet = read.Mapping.System, s.truth("discreet", read.Mapping.Discreet)
	}
	return read
}

// drivers are the names of the drivers.
func drivers() []string {
	return []string{string(SQLite), string(PostgreSQL), string(MySQL), string(SQLServer), string(FHIRServer), string(OpenEHRServer),
		string(AnotherOneLondon)}
}

func (s section) driver() Driver {
	if _, ok := s.keys["driver"]; !ok {
		s.Fault(s.at, "driver is missing; use one of %s", strings.Join(drivers(), ", "))
		return ""
	}
	return Driver(s.oneOf("driver", drivers()...))
}

// exported reads the folder of files that replaces a server; "" if the source is a server.
func (s section) exported(driver Driver) string {
	n, ok := s.keys["files"]
	if !ok {
		return ""
	}
	if driver != FHIRServer && driver != OpenEHRServer {
		s.Fault(n, "is for a source with driver fhir or openehr; write dsn")
	}
	if both, ok := s.keys["dsn"]; ok {
		s.Fault(both, "files is given too; a source is a server or a folder of files, so take the other out")
	}
	return cmp.Or(s.folderPath("files"), "nothing") // a fault has been reported; the missing dsn is not reported as well
}

// passwords matches a password in a DSN, unless it is a reference: user:word@ or password=word.
var passwords = regexp.MustCompile(`(^|//)[^:/@?]*:[^@/$][^@/]*@|(?i)\bpassword=[^$\s&]`)

// dsn reads where the source is: for SQLite the path of the file, for a server or another OneLondon its address.
func (s section) dsn(driver Driver) string {
	n := s.keys["dsn"]
	advice := "say where the database is; for sqlite, the path of the file"
	if driver == FHIRServer || driver == OpenEHRServer {
		advice = "write the server's address, or files: the folder of what one exported"
	}
	text := s.required("dsn", advice)
	if text == "" {
		return ""
	}
	switch driver {
	case FHIRServer, OpenEHRServer:
		return s.serverBase()
	case AnotherOneLondon:
		return s.oneLondonBase()
	}
	if driver == SQLite {
		if strings.HasPrefix(text, "file:") || strings.Contains(text, "?") {
			s.Fault(n, "for sqlite write the path alone; the file is opened read-only whatever the path says")
			return ""
		}
		return s.file("dsn")
	}
	return s.secretDSN("dsn")
}

// locate reads how often the locator lists the people known to the source.
func (s section) locate() time.Duration {
	n, ok := s.keys["locate"]
	switch {
	case !ok:
		return usualRefresh
	case n.IsMap():
		refresh := s.in("locate", "refresh")
		if _, ok := refresh.keys["refresh"]; !ok {
			return usualRefresh
		}
		return refresh.duration("refresh")
	}
	switch word := s.text("locate"); {
	case word != "always":
		s.Fault(n, "%s is not a way to locate; write always, or {refresh: 5m}", yamltree.Show(word))
	case s.studied:
		s.Fault(n, "a source that is never listed keeps every study from being answered, since nobody knows who in it carries an S-flag; "+
			"write {refresh: 5m}, or leave studies out")
	}
	return 0
}

// mapping reads the mapping that the source names, from a path or from the bundled ones, with the source's parameters,
// and returns what it was read from.
func (s section) mapping(load func(name string, data []byte, parameters map[string]string) (*mapping.Mapping, error)) (*mapping.Mapping, string) {
	n := s.keys["mapping"]
	name := s.required("mapping", "name a bundled mapping or the path of a mapping file")
	parameters := s.parameters()
	if name == "" {
		return nil, ""
	}
	shown, data, err := name, []byte(nil), error(nil)
	if strings.ContainsAny(name, "/.") {
		data, err = os.ReadFile(s.path(name))
	} else {
		shown = "bundled " + name + ".yaml"
		data, err = s.readBundled(name)
	}
	if err != nil {
		s.Fault(n, "there is no mapping %s; write a path, or one of the bundled ones: %s", yamltree.Show(name), s.bundledNames())
		return nil, name
	}
	read, err := load(shown, data, parameters)
	var faults mapping.Faults
	if errors.As(err, &faults) {
		s.Add(faults...)
	} else if err != nil {
		s.Fault(n, "the mapping does not load: %v", err)
	}
	return read, shown
}

func (s section) parameters() map[string]string {
	n, ok := s.keys["parameters"]
	if !ok {
		return nil
	}
	read := map[string]string{}
	for _, entry := range s.Entries(n) {
		if text, ok := s.Text(entry.Value); ok {
			read[entry.Key] = text
		}
	}
	return read
}

func (s section) readBundled(name string) ([]byte, error) {
	if s.bundled == nil {
		return nil, fs.ErrNotExist
	}
	return fs.ReadFile(s.bundled, name+".yaml")
}

func (s section) bundledNames() string {
	if s.bundled == nil {
		return "none"
	}
	found, err := fs.Glob(s.bundled, "*.yaml")
	if err != nil || len(found) == 0 {
		return "none"
	}
	return strings.ReplaceAll(strings.Join(found, ", "), ".yaml", "")
}
