package house_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// layers says which folders of this module each folder may import; tests may import more. A folder below a listed one
// belongs to it unless it is listed itself. A folder that is in no layer fails the test.
//
// Two sentences carry the table: resolvers cannot see a source or the policy; the gate can, and nothing goes round the gate.
var layers = map[string][]string{
	"internal/clinical":  {},
	"internal/condition": {"internal/clinical"},
	"internal/embedded":  {"internal/clinical"},

	"internal/embedded/postgres": {"internal/embedded"},

	"internal/stack": {},

	"internal/yamltree": {},
	"internal/auth":     {"internal/clinical"},

	"sources":            {"internal/clinical", "internal/condition", "internal/stack"},
	"sources/mapping":    {"internal/clinical", "internal/yamltree"},
	"sources/locator":    {"internal/clinical", "sources"},
	"sources/memory":     {"internal/clinical", "internal/condition", "sources"},
	"sources/sqlsource":  {"internal/clinical", "internal/condition", "sources", "sources/mapping"},
	"sources/scaffold":   {"internal/clinical", "sources/mapping", "sources/sqlsource"},
	"sources/postgres":   {"internal/clinical", "sources", "sources/mapping", "sources/sqlsource"},
	"sources/mysql":      {"internal/clinical", "sources", "sources/mapping", "sources/sqlsource"},
	"sources/sqlserver":  {"internal/clinical", "sources", "sources/mapping", "sources/sqlsource"},
	"sources/sqlite":     {"internal/clinical", "sources", "sources/mapping", "sources/sqlsource"},
	"sources/web":        {"internal/clinical", "sources", "sources/memory"},
	"sources/fhir":       {"internal/clinical", "internal/condition", "sources", "sources/memory", "sources/web"},
	"sources/onelondon":  {"internal/clinical", "internal/condition", "sources"},
	"sources/openehr":    {"internal/clinical", "internal/condition", "sources", "sources/mapping", "sources/memory", "sources/openehr/aql", "sources/web"},
	"sources/sourcetest": {"internal/clinical", "internal/condition", "sources", "sources/mapping", "sources/memory", "sources/sqlsource"},

	"sources/files": {"internal/clinical"},
	"sources/scaffold/score": {"examples/london", "examples/london/seed", "internal/clinical", "internal/testkit", "sources", "sources/mapping", "sources/scaffold",
		"sources/sqlite", "sources/sqlsource"}, // for tests
	"sources/fhir/fhirstore":   {"sources/files"}, // for files and tests
	"sources/openehr/aql":      {},
	"sources/openehr/ehrstore": {"sources/files", "sources/openehr/aql"},
	"sources/openehr/adl":      {}, // for tests

	"policy":           {"internal/clinical", "internal/condition", "policy/signing"},
	"policy/signing":   {},
	"policy/approval":  {"policy/signing"},
	"internal/consent": {"internal/clinical", "internal/embedded", "internal/embedded/postgres"},
	"internal/audit":   {"internal/clinical", "internal/embedded"},
	"internal/gate": {"internal/audit", "internal/auth", "internal/clinical", "internal/condition", "internal/consent", "policy",
		"sources", "sources/locator"},

	"internal/cohort":            {"internal/clinical", "internal/yamltree"},
	"internal/cohort/codelist":   {"internal/clinical", "internal/cohort", "internal/yamltree"},
	"internal/cohort/circe":      {"internal/clinical", "internal/cohort"},
	"internal/cohort/engine":     {"internal/clinical", "internal/cohort", "internal/condition", "sources"},
	"internal/cohort/report":     {"internal/clinical", "internal/cohort"},
	"internal/cohort/remote":     {"internal/clinical", "internal/cohort"},
	"internal/cohort/plot":       {"internal/clinical", "internal/cohort", "internal/cohort/report"},
	"internal/cohort/disclosure": {"internal/clinical", "internal/cohort", "internal/embedded"},
	"internal/cohort/shelf":      {"internal/cohort", "internal/cohort/codelist", "internal/embedded"},
	"internal/gate/study": {"internal/audit", "internal/auth", "internal/clinical", "internal/cohort", "internal/cohort/codelist", "internal/cohort/disclosure", "internal/cohort/engine", "internal/cohort/shelf", "internal/condition",
		"internal/consent", "internal/embedded", "internal/gate", "policy", "sources", "sources/locator"},

	"internal/enact": {"policy", "policy/approval"},

	"graph":           {"internal/auth", "internal/clinical", "internal/cohort", "internal/gate", "internal/gate/study"},
	"resolvers":       {"graph", "internal/auth", "internal/clinical", "internal/cohort", "internal/gate", "internal/gate/study", "internal/stack"},
	"internal/config": {"internal/clinical", "internal/yamltree", "policy/approval", "policy/signing", "sources", "sources/mapping", "sources/openehr"},
	"internal/peer":   {"internal/auth", "internal/clinical", "internal/condition", "internal/gate", "policy", "sources", "sources/onelondon"},
	"internal/server": {"graph", "internal/auth", "internal/clinical", "internal/gate", "internal/stack", "resolvers", "web"},
	"web":             {},

	"examples/london":           {"internal/clinical", "sources/mapping"},
	"examples/london/careplans": {"sources/fhir/fhirstore", "sources/openehr/ehrstore"},
	"examples/london/trial":     {"..."}, // wires the product for tests
	"cmd/onelondon":             {"..."},
	"bench":                     {"..."},
	"proof":                     {"..."},
	"internal/testkit":          {},
	"internal/house":            {},
}

// thirdParties binds each outside module to the folders that may import it. What is not listed may be imported by none.
var thirdParties = map[string][]string{
	"github.com/open-policy-agent/opa":       {"policy"},
	"github.com/99designs/gqlgen":            {"graph", "resolvers", "internal/server", "tools"},
	"github.com/vektah/gqlparser/v2":         {"graph", "resolvers", "internal/server"},
	"github.com/graph-gophers/dataloader/v7": {"resolvers"},
	"github.com/go-chi/chi/v5":               {"internal/server"},
	"github.com/go-json-experiment/json":     {"internal/audit", "internal/server"},
	"github.com/jackc/pgx/v5":                {"sources/postgres", "internal/embedded/postgres"},
	"github.com/pressly/goose/v3":            {"internal/embedded/postgres"},
	"github.com/go-sql-driver/mysql":         {"sources/mysql"},
	"github.com/microsoft/go-mssqldb":        {"sources/sqlserver"},
	"modernc.org/sqlite":                     {"sources/sqlite", "internal/embedded", "examples/london"},
	"github.com/sony/gobreaker/v2":           {"sources"},
	"github.com/goccy/go-yaml":               {"internal/yamltree", "policy"},
	"github.com/lestrrat-go/jwx/v3":          {"internal/auth", "policy/approval", "sources/web", "cmd/onelondon"},
	"github.com/spf13/cobra":                 {"cmd/onelondon"},
	"github.com/hashicorp/golang-lru/v2":     {"policy", "sources/sqlsource", "graph", "internal/auth", "internal/server"},
	"github.com/prometheus/client_golang":    {"internal/server"},
	"github.com/parquet-go/parquet-go":       {"internal/cohort/report"},
	"gonum.org/v1/plot":                      {"internal/cohort/plot"},
	"golang.org/x/image":                     {"internal/cohort/plot"},
	"github.com/google/go-cmp":               {"sources/sourcetest"},
	"github.com/RoaringBitmap/roaring/v2":    {"internal/cohort/disclosure"},
	"golang.org/x/sync":                      {"cmd/onelondon", "sources", "sources/fhir", "sources/openehr", "internal/server", "examples/london"},
}

const module = "onelondon"

func TestEveryFolderImportsOnlyWhatItsLayerMay(t *testing.T) {
	for file, imports := range sourceFiles(t) {
		folder := path.Dir(file)
		layer, ok := layerOf(folder)
		if !ok {
			t.Errorf("%s: folder %q is in no layer; add it to the table in layers_test.go with what it may import", file, folder)
			continue
		}
		for _, imported := range imports {
			if inside, ok := strings.CutPrefix(imported, module+"/"); ok {
				target, known := layerOf(inside)
				if known && target != layer && !slices.Contains(layers[layer], target) && !slices.Contains(layers[layer], "...") {
					t.Errorf("%s: %q may not import %q", file, layer, inside)
				}
				continue
			}
			checkThirdParty(t, file, layer, imported)
		}
	}
}

func checkThirdParty(t *testing.T, file, layer, imported string) {
	t.Helper()
	first, _, _ := strings.Cut(imported, "/")
	if !strings.Contains(first, ".") {
		return // standard library
	}
	for thirdParty, folders := range thirdParties {
		if imported != thirdParty && !strings.HasPrefix(imported, thirdParty+"/") {
			continue
		}
		if !slices.Contains(folders, layer) && !measures(layer) {
			t.Errorf("%s: %q may not import %q; it belongs to %v", file, layer, imported, folders)
		}
		return
	}
	if !measures(layer) {
		t.Errorf("%s: third party %q is bound to no folder; add it to the table in layers_test.go", file, imported)
	}
}

// measures reports whether a layer is not part of the product, and so may use any third party.
func measures(layer string) bool {
	return slices.Contains([]string{"bench", "proof", "internal/testkit"}, layer)
}

func TestNoFolderIsNamedForNothing(t *testing.T) {
	empty := []string{"util", "utils", "common", "helper", "helpers", "types", "model", "models", "core", "shared", "manager"}
	for file := range sourceFiles(t) {
		if name := path.Base(path.Dir(file)); slices.Contains(empty, name) {
			t.Errorf("%s: folder name %q says nothing", file, name)
		}
	}
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	folders := map[string]bool{}
	for file := range sourceFiles(t) {
		folders[path.Dir(file)] = true
	}
	for folder := range folders {
		if folder == "graph" || folder == "cmd/onelondon" {
			continue // generated; documented in main.go
		}
		if _, err := os.Stat(filepath.Join(root(t), folder, "doc.go")); err != nil {
			t.Errorf("%s has no doc.go", folder)
		}
	}
}

// layerOf finds the listed folder that holds folder.
func layerOf(folder string) (string, bool) {
	for at := folder; at != "." && at != "/"; at = path.Dir(at) {
		if _, ok := layers[at]; ok {
			return at, true
		}
	}
	return "", false
}

// sourceFiles returns the imports of every Go file that is not a test.
func sourceFiles(t *testing.T) map[string][]string {
	t.Helper()
	files := map[string][]string{}
	top := root(t)
	err := filepath.WalkDir(top, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if base := entry.Name(); base != "." && (strings.HasPrefix(base, ".") || base == "testdata" || base == "tools") && name != top {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(top, name)
		if err != nil {
			return err
		}
		imports := []string{}
		for _, spec := range parsed.Imports {
			imports = append(imports, strings.Trim(spec.Path.Value, `"`))
		}
		files[filepath.ToSlash(relative)] = imports
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 10 {
		t.Fatalf("found only %d source files under the module", len(files))
	}
	return files
}

// root finds the folder of go.mod.
func root(t *testing.T) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			t.Fatal("no go.mod above the test")
		}
		folder = parent
	}
}
