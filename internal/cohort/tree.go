package cohort

import (
	"encoding"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/internal/yamltree"
)

// treeReader fills the structs of the language from a file. It goes by their types and json tags, so that a file, a GraphQL
// input and an encoded definition have one shape.
type treeReader struct {
	*yamltree.Reader
	places map[string]yamltree.Node // where the value of each path stands
}

// into reads a value into what target points to.
func (r *treeReader) into(n yamltree.Node, target any) {
	r.value(n, reflect.ValueOf(target).Elem())
}

func (r *treeReader) value(n yamltree.Node, into reflect.Value) {
	r.places[n.Path] = n
	if n.IsNothing() {
		r.Expected(n, "a value")
		return
	}
	if into.Type() == reflect.TypeFor[clinical.Kind]() {
		r.kind(n, into)
		return
	}
	if reads, ok := into.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if text, ok := r.Text(n); ok {
			if err := reads.UnmarshalText([]byte(text)); err != nil {
				r.Fault(n, "%s is %v", yamltree.Show(text), err)
			}
		}
		return
	}
	switch into.Kind() {
	case reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		r.value(n, into.Elem())
	case reflect.Struct:
		r.object(n, into)
	case reflect.Slice:
		r.list(n, into)
	default:
		r.scalar(n, into)
	}
}

func (r *treeReader) kind(n yamltree.Node, into reflect.Value) {
	text, ok := r.Text(n)
	kind, known := clinical.ParseKind(text)
	if ok && !known {
		r.Fault(n, "%s is no kind of record; use one of %s", yamltree.Show(text), kindNames())
	}
	into.SetUint(uint64(kind))
}

func (r *treeReader) object(n yamltree.Node, into reflect.Value) {
	if n.Present() && !n.IsMap() {
		r.Expected(n, "keys with values")
		return
	}
	fields, names := map[string]int{}, []string{}
	for i := range into.NumField() {
		name, _, _ := strings.Cut(into.Type().Field(i).Tag.Get("json"), ",")
		fields[name] = i
		names = append(names, name)
	}
	for key, value := range r.Object(n, names...) {
		r.value(value, into.Field(fields[key]))
	}
}

func (r *treeReader) list(n yamltree.Node, into reflect.Value) {
	items := r.List(n)
	made := reflect.MakeSlice(into.Type(), len(items), len(items))
	for i, item := range items {
		r.value(item, made.Index(i))
	}
	into.Set(made)
}

// scalar reads a text, a number or a truth.
func (r *treeReader) scalar(n yamltree.Node, into reflect.Value) {
	text, ok := r.Text(n)
	if !ok {
		return
	}
	var err error
	what := ""
	switch into.Kind() {
	case reflect.String:
		into.SetString(text)
	case reflect.Int:
		var number int
		number, err = strconv.Atoi(text)
		into.SetInt(int64(number))
		what = "a whole number"
	case reflect.Float64:
		var number float64
		number, err = strconv.ParseFloat(text, 64)
		into.SetFloat(number)
		what = "a number"
	case reflect.Bool:
		if !n.IsTruth() {
			err = strconv.ErrSyntax
		}
		into.SetBool(text == "true")
		what = "true or false"
	default:
		err, what = fmt.Errorf("read a %s", into.Kind()), "anything that can be read here"
	}
	if err != nil {
		r.Fault(n, "%s is not %s", yamltree.Show(text), what)
	}
}
