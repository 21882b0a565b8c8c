package policy

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Topic is one folder of rules: what they are about, and the public rules.
type Topic struct {
	Name        string // "purpose"; the folder's name
	Title       string
	Description string
	File        string
	Line        int
	Rules       []Rule // in the order of the file
}

// Rule is one public rule, as described by its METADATA.
type Rule struct {
	Topic       string // "purpose"
	Name        string // "permitted"
	Title       string
	Description string
	Expectation string // who asked for it: expectations of the Citizens' Summit (CS-5) and laws, separated by commas
	File        string
	Line        int // of the first of its definitions
	Entrypoint  bool
	AboutRecord bool     // depends on the single record, so that it becomes part of a condition
	Uses        []string // the public rules it depends on, as named by [Rule.Ref]
	Tables      []string // the tables it reads, by file name
}

// Ref is the qualified name of the rule, "purpose.permitted".
func (r *Rule) Ref() string { return r.Topic + "." + r.Name }

// Topics lists the rules in force, by topic in order of their names.
func (e *Engine) Topics() []Topic { return e.topics }

// Rule finds a rule by its qualified name, such as "purpose.permitted".
func (e *Engine) Rule(ref string) (*Rule, bool) {
	for i := range e.topics {
		for n := range e.topics[i].Rules {
			if rule := &e.topics[i].Rules[n]; rule.Ref() == ref {
				return rule, true
			}
		}
	}
	return nil, false
}

const packagePrefix = "data.onelondon."

// topics reads the METADATA of a compiled policy, in which every name is fully qualified.
func topics(compiler *ast.Compiler) []Topic {
	annotations := compiler.GetAnnotationSet()
	byName := map[string]*Topic{}
	for _, file := range slices.Sorted(maps.Keys(compiler.Modules)) {
		module := compiler.Modules[file]
		name := strings.TrimPrefix(module.Package.Path.String(), packagePrefix)
		topic, known := byName[name]
		if !known {
			topic = &Topic{Name: name, File: file, Line: module.Package.Location.Row}
			byName[name] = topic
		}
		if about := annotations.GetPackageScope(module.Package); about != nil {
			topic.Title, topic.Description = about.Title, inOneLine(about.Description)
		}
		topic.add(module, annotations)
	}
	all := make([]Topic, 0, len(byName))
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		all = append(all, *byName[name])
	}
	passOn(all)
	return all
}

// passOn marks the rules that depend on the single record through other rules.
func passOn(all []Topic) {
	about := map[string]bool{}
	for changed := true; changed; {
		changed = false
		for i := range all {
			for n := range all[i].Rules {
				rule := &all[i].Rules[n]
				rule.AboutRecord = rule.AboutRecord || slices.ContainsFunc(rule.Uses, func(used string) bool { return about[used] })
				if rule.AboutRecord && !about[rule.Ref()] {
					about[rule.Ref()], changed = true, true
				}
			}
		}
	}
}

// add takes in the public rules of one file, joining the definitions of each.
func (t *Topic) add(module *ast.Module, annotations *ast.AnnotationSet) {
	for _, part := range module.Rules {
		name := ruleName(part)
		if strings.HasPrefix(name, "_") {
			continue
		}
		at := slices.IndexFunc(t.Rules, func(r Rule) bool { return r.Name == name })
		if at < 0 {
			t.Rules = append(t.Rules, Rule{Topic: t.Name, Name: name, File: part.Location.File, Line: part.Location.Row})
			at = len(t.Rules) - 1
		}
		rule := &t.Rules[at]
		rule.describe(annotations.GetDocumentScope(part.Ref().GroundPrefix()))
		for _, about := range annotations.GetRuleScope(part) {
			rule.describe(about)
		}
		uses := mentions{module: module, rules: map[string]bool{}, tables: map[string]bool{}, private: map[string]bool{}}
		uses.in(part)
		delete(uses.rules, rule.Ref())
		rule.AboutRecord = rule.AboutRecord || uses.record
		rule.Uses, rule.Tables = merged(rule.Uses, uses.rules), merged(rule.Tables, uses.tables)
	}
}

// merged is the sorted union of a sorted list and a set.
func merged(list []string, set map[string]bool) []string {
	return slices.Compact(slices.Sorted(slices.Values(slices.AppendSeq(list, maps.Keys(set)))))
}

func (r *Rule) describe(about *ast.Annotations) {
	if about == nil {
		return
	}
	r.Title, r.Description = cmp.Or(r.Title, about.Title), cmp.Or(r.Description, inOneLine(about.Description))
	if expectation, ok := about.Custom["expectation"]; ok && r.Expectation == "" {
		r.Expectation = fmt.Sprint(expectation)
	}
	r.Entrypoint = r.Entrypoint || about.Entrypoint
}

// inOneLine joins the lines of a description that METADATA breaks. An empty line remains a break.
func inOneLine(text string) string {
	paragraphs := strings.Split(strings.TrimSpace(text), "\n\n")
	for i := range paragraphs {
		paragraphs[i] = strings.Join(strings.Fields(paragraphs[i]), " ")
	}
	return strings.Join(paragraphs, "\n\n")
}

// ruleName is the first part of a rule's name: kinds of kinds[kind].
func ruleName(rule *ast.Rule) string {
	name, _ := rule.Head.Ref()[0].Value.(ast.Var)
	return string(name)
}

// mentions collects what a rule depends on: the public rules that it names, directly or through private rules of its
// file.
type mentions struct {
	module  *ast.Module
	rules   map[string]bool
	tables  map[string]bool
	private map[string]bool // private rules already followed
	record  bool            // input.record is mentioned
}

func (m *mentions) in(node any) {
	ast.WalkRefs(node, func(ref ast.Ref) bool {
		text := ref.String()
		if text == recordUnknown || strings.HasPrefix(text, recordUnknown+".") {
			m.record = true
		}
		if table, ok := constantKey(ref, 1); ok && ref.HasPrefix(ast.DefaultRootRef) && table != "onelondon" {
			m.tables[table] = true
		}
		topic, inTopic := constantKey(ref, 2)
		name, named := constantKey(ref, 3)
		if !strings.HasPrefix(text, packagePrefix) || !inTopic || !named {
			return false
		}
		if !strings.HasPrefix(name, "_") {
			m.rules[topic+"."+name] = true
		} else if !m.private[name] {
			m.follow(name)
		}
		return false
	})
}

// constantKey is the constant string at an index of a reference, if there is one.
func constantKey(ref ast.Ref, at int) (string, bool) {
	if len(ref) <= at {
		return "", false
	}
	key, ok := ref[at].Value.(ast.String)
	return string(key), ok
}

// follow examines a private rule of the same file.
func (m *mentions) follow(name string) {
	m.private[name] = true
	for _, rule := range m.module.Rules {
		if ruleName(rule) == name {
			m.in(rule)
		}
	}
}
