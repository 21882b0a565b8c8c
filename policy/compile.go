package policy

import (
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// deniedBuiltins are prefixes of the names of functions that policy may not call: they reach outside, tell the time, throw
// dice or read the process. A decision depends on its input and its data alone, which is why it can be cached and replayed.
var deniedBuiltins = [...]string{"http.", "net.", "opa.runtime", "rand.", "uuid.", "time.now", "io.jwt.decode_verify",
	"rego.", "trace", "print", "internal.print"}

// capabilities are those of this OPA without the denied functions, and without any network, even for schemas.
func capabilities() *ast.Capabilities {
	c := ast.CapabilitiesForThisVersion()
	c.Builtins = slices.DeleteFunc(slices.Clone(c.Builtins), func(builtin *ast.Builtin) bool {
		return builtin.Nondeterministic || slices.ContainsFunc(deniedBuiltins[:], func(prefix string) bool {
			return strings.HasPrefix(builtin.Name, prefix)
		})
	})
	c.AllowNet = []string{}
	return c
}

// Capabilities are what rules may call: what this OPA offers, without what reaches outside, tells the time or throws dice.
func Capabilities() *ast.Capabilities { return capabilities() }

// compile checks the rules as strictly as OPA can: unused names, unsafe variables, functions that are not allowed, and every
// mention of input and data against the schemas.
func (b *bundle) compile() (*ast.Compiler, error) {
	input, ok := b.schemas[inputSchema]
	if !ok {
		return nil, &Fault{File: schemaFolder + "/" + inputSchema + ".json", Message: "is missing",
			Advice: "it describes the input of a decision"}
	}
	schemas := ast.NewSchemaSet()
	schemas.Put(ast.SchemaRootRef, input) // holds for every rule, whether or not it is annotated
	for name, schema := range b.schemas {
		schemas.Put(ast.SchemaRootRef.Append(ast.StringTerm(name)), schema)
	}
	compiler := ast.NewCompiler().WithCapabilities(capabilities()).WithStrict(true).WithDefaultRegoVersion(ast.RegoV1).
		WithSchemas(schemas).WithUseTypeCheckAnnotations(true)
	modules := make(map[string]*ast.Module, len(b.modules))
	for name, module := range b.modules {
		modules[name] = module
	}
	if compiler.Compile(modules); compiler.Failed() {
		return nil, compiler.Errors
	}
	return compiler, nil
}
