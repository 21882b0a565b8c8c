package policy

import (
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// deniedBuiltins are prefixes of built-in functions that policy may not call: they reach the network, tell the time,
// produce random numbers or read the process. A decision depends only on its input and its data, so that it can be
// cached and replayed.
var deniedBuiltins = [...]string{"http.", "net.", "opa.runtime", "rand.", "uuid.", "time.now", "io.jwt.decode_verify",
	"rego.", "trace", "print", "internal.print"}

// capabilities are those of this OPA version without the denied functions, and without network access even for schemas.
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

// Capabilities are the built-in functions that rules may call: those of this OPA version, except any that reach the
// network, tell the time or produce random numbers.
func Capabilities() *ast.Capabilities { return capabilities() }

// compile checks the rules as strictly as OPA can: unused names, unsafe variables, forbidden functions, and every
// reference to input and data against the schemas.
func (b *bundle) compile() (*ast.Compiler, error) {
	input, ok := b.schemas[inputSchema]
	if !ok {
		return nil, &Fault{File: schemaFolder + "/" + inputSchema + ".json", Message: "is missing",
			Advice: "it describes the input of a decision"}
	}
	schemas := ast.NewSchemaSet()
	schemas.Put(ast.SchemaRootRef, input) // applies to every rule, annotated or not
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
