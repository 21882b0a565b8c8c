package sqlsource

import (
	"context"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/sources"
	"onelondon/sources/mapping"
)

// askedCodes is the name, within a statement, of the codes that are asked for.
const askedCodes = "asked"

// tables writes the common table expressions for the condition's code lists and for the codes asked for.
func (c *counting) tables(lists lists) string {
	with := c.source.unpack(lists, c.slots)
	keys := keysOf(c.wanted.Codes)
	if len(keys) == 0 {
		return with
	}
	asked := c.source.dialect.name(askedCodes) + " " + strings.Replace(c.source.dialect.Unpack, "%", c.give(jsonOf(keys)), 1) + "\n"
	if with == "" {
		return "WITH " + asked
	}
	return strings.TrimSuffix(with, "\n") + ", " + asked
}

// keysOf writes codes as "system|code", or "|code" without a system.
func keysOf(codes []sources.Code) []string {
	var keys []string
	for _, code := range codes {
		if code.Code != "" {
			keys = append(keys, string(code.System)+"|"+string(code.Code))
		}
	}
	return keys
}

// whichCodes keeps rows with any of the codes; some is false if no row can have one.
func (c *counting) whichCodes(ctx context.Context) (some bool, err error) {
	if len(c.wanted.Codes) == 0 {
		return true, nil
	}
	if len(keysOf(c.wanted.Codes)) == 0 {
		return false, nil
	}
	if some, err := c.narrow(ctx); err != nil || !some {
		return false, err
	}
	coded := c.coded()
	if coded == "" {
		return false, nil
	}
	c.and(coded)
	return true, nil
}

// coded writes the condition that any of the row's codings is a code asked for; "" if none can be.
func (c *counting) coded() string {
	concept := c.set.Fields["code"].Concept
	if concept == nil {
		return ""
	}
	d := c.source.dialect
	listed := " IN (SELECT " + d.name(unpacked) + " FROM " + d.name(askedCodes) + ")"
	var either []string
	for i := range concept.Codings {
		coding := &concept.Codings[i]
		code, ok := c.source.filled(coding.Code, c.used)
		if !ok {
			continue
		}
		if c.asks("") {
			either = append(either, d.exact(d.joined(d.literal("|"), code))+listed)
		}
		switch system := coding.System.(type) {
		case nil:
		case *mapping.Literal:
			if c.asks(clinical.CodeSystem(constant(system))) {
				either = append(either, d.exact(d.joined(d.literal(constant(system)+"|"), code))+listed)
			}
		default:
			c.used.note(system)
			either = append(either, d.exact(d.joined(d.text(system), d.literal("|"), code))+listed)
		}
	}
	if len(either) == 0 {
		return ""
	}
	return "(" + strings.Join(either, " OR ") + ")"
}

// asks reports whether a code in the system is asked for.
func (c *counting) asks(system clinical.CodeSystem) bool {
	for _, code := range c.wanted.Codes {
		if code.System == system {
			return true
		}
	}
	return false
}
