package casebook

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"onelondon/policy"
)

// Folder is where a policy keeps its cases.
const Folder = "cases"

// Read reads every page of cases of the policy in files, in order. What is wrong with a page is told as [policy.Fault] with
// its line, all faults at once; those about oversight and studies, which have forms of their own, are left out; the cases that could be read are returned with them. A policy without the folder has none.
func Read(files fs.FS) ([]Case, error) {
	entries, err := fs.ReadDir(files, Folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var cases []Case
	faults := []error{err}
	for _, entry := range entries {
		if slices.Contains([]string{oversightPage, behalfPage, findingPage, studyPage}, entry.Name()) {
			continue
		}
		name := path.Join(Folder, entry.Name())
		if entry.IsDir() || path.Ext(name) != ".yaml" {
			faults = append(faults, &policy.Fault{File: name, Message: "not a page of cases", Advice: "keep cases as .yaml"})
			continue
		}
		content, err := fs.ReadFile(files, name)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		page, err := readPage(name, content)
		cases, faults = append(cases, page...), append(faults, err)
	}
	return cases, errors.Join(faults...)
}

// readPage reads one page case by case, so that each knows its line.
func readPage(name string, content []byte) ([]Case, error) {
	file, err := parser.ParseBytes(content, 0)
	if err != nil {
		return nil, unreadable(name, 0, err)
	}
	if len(file.Docs) != 1 {
		return nil, &policy.Fault{File: name, Message: "holds more than one document", Advice: "write one list of cases"}
	}
	list, isList := file.Docs[0].Body.(*ast.SequenceNode)
	if !isList || len(list.Values) == 0 {
		return nil, &policy.Fault{File: name, Message: "holds no list of cases", Advice: "write each case as an item that begins with - case:"}
	}
	var cases []Case
	var faults []error
	titles := map[string]bool{}
	for _, node := range list.Values {
		c := Case{File: name, Line: lineOf(node)}
		if err := yaml.NodeToValue(node, &c, yaml.Strict()); err != nil {
			faults = append(faults, unreadable(name, c.Line, err))
			continue
		}
		if err := c.check(titles); err != nil {
			faults = append(faults, err)
			continue
		}
		cases = append(cases, c)
	}
	return cases, errors.Join(faults...)
}

// ReadQuestion reads one question: a case of which nothing is expected, and which needs no title. Name is the file's, for faults.
func ReadQuestion(name string, content []byte) (policy.Input, error) {
	var c Case
	if err := yaml.UnmarshalWithOptions(content, &c, yaml.Strict()); err != nil {
		return policy.Input{}, unreadable(name, 0, err)
	}
	return c.Input(), nil
}

// check finds a case that means nothing, or that cannot be told from another.
func (c *Case) check(titles map[string]bool) error {
	switch {
	case c.Title == "":
		return &policy.Fault{File: c.File, Line: c.Line, Message: "a case without a title", Advice: "say in one sentence what happens, after case:"}
	case titles[c.Title]:
		return &policy.Fault{File: c.File, Line: c.Line, Message: "two cases have the title " + c.Title, Advice: "say what is different"}
	}
	titles[c.Title] = true
	switch c.Expect.Released {
	case Everything, Where, Nothing, NothingOfAnyKind:
		return nil
	}
	return &policy.Fault{File: c.File, Line: c.Line, Message: "the case does not say what is released",
		Advice: "write released: everything, where, nothing, or nothing of any kind"}
}

// lineOf is the line on which a node begins. A mapping's own token is its first colon, on the same line.
func lineOf(node ast.Node) int { return node.GetToken().Position.Line }

func unreadable(name string, line int, err error) error {
	var placed yaml.Error
	if errors.As(err, &placed) {
		if token := placed.GetToken(); token != nil && token.Position.Line > line {
			line = token.Position.Line
		}
		err = errors.New(placed.GetMessage())
	}
	message, _, _ := strings.Cut(err.Error(), "\n")
	return &policy.Fault{File: name, Line: line, Message: "not a case: " + message,
		Advice: "compare it with the other cases of the folder"}
}
