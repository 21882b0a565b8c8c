package policy

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/util"
)

const (
	regoFolder, dataFolder, schemaFolder = "rego", "data", "schema"
	inputSchema                          = "input"
)

// bundle is a policy that has been read but not yet compiled.
type bundle struct {
	texts    map[string][]byte      // source text of every rule, by path
	modules  map[string]*ast.Module // by path; tests are left out
	data     map[string]any         // one document per file, by the file's name
	schemas  map[string]any         // by the file's name
	lists    categoryLists          // read after the data has been validated
	revision string
}

// load reads and parses every file of a policy, in path order, and refuses files that it would otherwise ignore.
func load(files fs.FS) (*bundle, error) {
	b := newBundle()
	if err := b.read(files, regoFolder, dataFolder, schemaFolder); err != nil {
		return nil, err
	}
	return b, b.number()
}

func newBundle() *bundle {
	return &bundle{texts: map[string][]byte{}, modules: map[string]*ast.Module{}, data: map[string]any{}, schemas: map[string]any{}}
}

// read adds the files in some of the folders.
func (b *bundle) read(files fs.FS, folders ...string) error {
	var faults []error
	for _, folder := range folders {
		err := fs.WalkDir(files, folder, func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || strings.HasSuffix(name, testSuffix) {
				return err
			}
			content, err := fs.ReadFile(files, name)
			if err != nil {
				return err
			}
			if err := b.add(folder, name, content); err != nil {
				faults = append(faults, err)
			}
			return nil
		})
		if err != nil {
			faults = append(faults, fmt.Errorf("read policy: %w", err))
		}
	}
	return errors.Join(faults...)
}

// number computes the revision: a digest of the text of every rule and the contents of every table and schema. The same
// policy has the same revision, whether it came as a folder or in a bundle.
func (b *bundle) number() error {
	digest := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(b.texts)) {
		fmt.Fprintf(digest, "%d %s %d\n", len(name), name, len(b.texts[name]))
		digest.Write(b.texts[name])
	}
	if err := json.NewEncoder(digest).Encode([]any{b.data, b.schemas}); err != nil {
		return fmt.Errorf("number policy: %w", err)
	}
	b.revision = hex.EncodeToString(digest.Sum(nil)[:6])
	return nil
}

func (b *bundle) add(folder, name string, content []byte) error {
	base, extension := path.Base(name), path.Ext(name)
	key := strings.TrimSuffix(base, extension)
	switch {
	case folder == regoFolder && extension == ".rego":
		module, err := ast.ParseModuleWithOpts(name, string(content), ast.ParserOptions{
			ProcessAnnotation: true, RegoVersion: ast.RegoV1, Capabilities: capabilities()})
		b.texts[name], b.modules[name] = content, module
		return err
	case folder == dataFolder && (extension == ".yaml" || extension == ".json"):
		if _, twice := b.data[key]; twice {
			return &Fault{File: name, Message: "there is another data file of this name"}
		}
		document, err := decodeYAML(name, content)
		if err != nil {
			return err
		}
		b.data[key], err = table(name, key, document)
		return err
	case folder == schemaFolder && extension == ".json":
		document, err := decodeJSON(name, content)
		b.schemas[key] = document
		return err
	}
	return &Fault{File: name, Message: "not a file of a policy",
		Advice: "keep rules as .rego under rego/, tables as .yaml or .json under data/, schemas as .json under schema/"}
}

// table returns the one table in a data file. The file holds it under its own name, so that OPA, which merges the
// contents of files and ignores their names, builds the same data document.
func table(name, key string, document any) (any, error) {
	if members, ok := document.(map[string]any); ok && len(members) == 1 {
		if found, ok := members[key]; ok {
			return found, nil
		}
	}
	return nil, &Fault{File: name, Message: "does not hold one table of the file's own name",
		Advice: "begin it with " + key + ": and indent the rest"}
}

// textAt is the text at a field of a table, "R0001.may.6", quoted and with a blank after it; empty where there is none.
func textAt(document any, field string) string {
	for part := range strings.SplitSeq(field, ".") {
		switch in := document.(type) {
		case map[string]any:
			document = in[part]
		case []any:
			if i, err := strconv.Atoi(part); err == nil && i >= 0 && i < len(in) {
				document = in[i]
			}
		}
	}
	if text, is := document.(string); is {
		return strconv.Quote(text) + " "
	}
	return ""
}

func decodeYAML(name string, content []byte) (any, error) {
	var document any
	if err := yaml.Unmarshal(content, &document); err != nil {
		return nil, &Fault{File: name, Message: "not valid YAML: " + firstLine(err.Error())}
	}
	encoded, err := json.Marshal(document)
	if err != nil {
		return nil, &Fault{File: name, Message: "holds what JSON cannot say: " + firstLine(err.Error())}
	}
	return decodeJSON(name, encoded)
}

// decodeJSON keeps numbers as they are written.
func decodeJSON(name string, content []byte) (any, error) {
	var document any
	if err := util.UnmarshalJSON(content, &document); err != nil {
		return nil, &Fault{File: name, Message: "not valid JSON: " + firstLine(err.Error())}
	}
	return document, nil
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// checkData validates every data file against the schema of the same name. A file without a schema is refused, because
// nobody would notice its misspelt keys.
func (b *bundle) checkData(ctx context.Context) error {
	query, err := rego.New(rego.Query("x = json.match_schema(input.document, input.schema)")).PrepareForEval(ctx)
	if err != nil {
		return fmt.Errorf("prepare schema check: %w", err)
	}
	var faults []error
	for _, key := range slices.Sorted(maps.Keys(b.data)) {
		file := dataFolder + "/" + key
		schema, ok := b.schemas[key]
		if !ok {
			faults = append(faults, &Fault{File: file, Message: "no schema describes this table",
				Advice: "write schema/" + key + ".json"})
			continue
		}
		results, err := query.Eval(ctx, rego.EvalInput(map[string]any{"document": b.data[key], "schema": schema}))
		if err != nil || len(results) != 1 {
			faults = append(faults, &Fault{File: file, Message: "could not be held against schema/" + key + ".json"})
			continue
		}
		faults = append(faults, schemaFaults(file, b.data[key], results[0].Bindings["x"])...)
	}
	return errors.Join(faults...)
}

// schemaFaults reads the result of json.match_schema: [matches, [{field, desc, ...}, ...]].
func schemaFaults(file string, document, answer any) []error {
	pair, _ := answer.([]any)
	if len(pair) == 2 && pair[0] == true {
		return nil
	}
	var faults []error
	if len(pair) == 2 {
		list, _ := pair[1].([]any)
		for _, item := range list {
			fault, _ := item.(map[string]any)
			field, description := fmt.Sprint(fault["field"]), fmt.Sprint(fault["desc"])
			if told, itself := strings.CutPrefix(description, field+" must be one of "); itself {
				description = textAt(document, field) + "must be one of " + told
			}
			faults = append(faults, &Fault{File: file, Message: field + ": " + description})
		}
	}
	if len(faults) == 0 {
		faults = append(faults, &Fault{File: file, Message: "does not match its schema"})
	}
	return faults
}
