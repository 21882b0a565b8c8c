package plans

import "github.com/vektah/gqlparser/v2/ast"

// Defers reports whether a document contains @defer anywhere, whatever its condition.
func Defers(doc *ast.QueryDocument) bool {
	for _, operation := range doc.Operations {
		if defersIn(operation.SelectionSet) {
			return true
		}
	}
	for _, fragment := range doc.Fragments {
		if defersIn(fragment.SelectionSet) {
			return true
		}
	}
	return false
}

func defersIn(set ast.SelectionSet) bool {
	for _, selection := range set {
		switch selection := selection.(type) {
		case *ast.Field:
			if defersIn(selection.SelectionSet) {
				return true
			}
		case *ast.InlineFragment:
			if selection.Directives.ForName("defer") != nil || defersIn(selection.SelectionSet) {
				return true
			}
		case *ast.FragmentSpread:
			if selection.Directives.ForName("defer") != nil {
				return true
			}
		}
	}
	return false
}
