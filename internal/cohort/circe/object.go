package circe

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// object is a JSON object that is read key by key, so that what nobody read can be told.
type object struct {
	path   string
	fields map[string]any
	read   map[string]bool
}

// tree keeps every object that was looked at.
type tree struct{ objects []*object }

func (t *tree) object(path string, value any) *object {
	fields, _ := value.(map[string]any)
	made := &object{path: path, fields: fields, read: map[string]bool{}}
	t.objects = append(t.objects, made)
	return made
}

// in is the object under a key; one that is not there has no keys.
func (t *tree) in(o *object, key string) *object { return t.object(o.at(key), o.get(key)) }

// list is the objects of the list under a key.
func (t *tree) list(o *object, key string) []*object {
	items, _ := o.get(key).([]any)
	objects := make([]*object, len(items))
	for i, item := range items {
		objects[i] = t.object(fmt.Sprintf("%s[%d]", o.at(key), i), item)
	}
	return objects
}

// unread lists the paths of what nobody read and says something, in order.
func (t *tree) unread() (paths []string) {
	for _, o := range t.objects {
		for key, value := range o.fields {
			if !o.read[key] && says(value) {
				paths = append(paths, o.at(key))
			}
		}
	}
	slices.Sort(paths)
	return paths
}

// says reports whether a value can narrow anything: null, false, and what is empty do not.
func says(value any) bool {
	switch typed := value.(type) {
	case nil:
		return false
	case bool:
		return typed
	case string:
		return typed != ""
	case []any:
		return len(typed) > 0
	case map[string]any:
		return len(typed) > 0
	}
	return true
}

func (o *object) at(key string) string { return strings.TrimPrefix(o.path+"."+key, ".") }

func (o *object) get(key string) any {
	o.read[key] = true
	return o.fields[key]
}

// has reports whether a key is there and says something, and does not read it.
func (o *object) has(key string) bool { return says(o.fields[key]) }

func (o *object) text(key string) string {
	text, _ := o.get(key).(string)
	return text
}

func (o *object) truth(key string) bool {
	truth, _ := o.get(key).(bool)
	return truth
}

// number reads a number.
func (o *object) number(key string) (float64, bool) {
	number, ok := o.get(key).(json.Number)
	if !ok {
		return 0, false
	}
	value, err := number.Float64()
	return value, err == nil
}

// whole reads a whole number.
func (o *object) whole(key string) (int, bool) {
	number, ok := o.number(key)
	if !ok || number != float64(int(number)) || number > 1e9 || number < -1e9 {
		return 0, false
	}
	return int(number), true
}
