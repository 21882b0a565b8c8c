package executor_test

import (
	"encoding/json"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"onelondon/graph/executor"
)

func TestAResponseIsOneObject(t *testing.T) {
	more := true
	refused := gqlerror.List{{Message: "no", Path: ast.Path{ast.PathName("a"), ast.PathIndex(2)}, Extensions: map[string]any{"code": "X"}}}
	for want, response := range map[string]graphql.Response{
		`{}`:                         {},
		`{"data":{"a":1}}`:           {Data: []byte(`{"a":1}`)},
		`{"data":null}`:              {Data: []byte(`null`)},
		`{"extensions":{"n":[1]}}`:   {Extensions: map[string]any{"n": []int{1}}},
		`{"data":{},"hasNext":true}`: {Data: []byte(`{}`), HasNext: &more},
		`{"data":{"a":"<"},"label":"l","path":["p"],"extensions":{"n":1}}`: {Data: []byte(`{"a":"<"}`), Label: "l",
			Path: ast.Path{ast.PathName("p")}, Extensions: map[string]any{"n": 1}},
		`{"errors":[{"message":"no","path":["a",2],"extensions":{"code":"X"}}]}`:             {Errors: refused},
		`{"errors":[{"message":"no","path":["a",2],"extensions":{"code":"X"}}],"data":null}`: {Errors: refused, Data: []byte(`null`)},
	} {
		got, err := executor.AppendResponse(nil, &response)
		if err != nil || string(got) != want || !json.Valid(got) {
			t.Errorf("got %s (%v), want %s", got, err, want)
		}
	}
}

func BenchmarkResponse(b *testing.B) {
	engine, _ := ours(&preparedGate{richGate: richGate{seed: 3, records: 13}})
	response := engine.ask(b, chart)
	b.Run("appended", func(b *testing.B) {
		before := cpu(b)
		for b.Loop() {
			if _, err := executor.AppendResponse(nil, response); err != nil {
				b.Fatal(err)
			}
		}
		reportCPU(b, before)
	})
	b.Run("encoding-json", func(b *testing.B) {
		before := cpu(b)
		for b.Loop() {
			if _, err := json.Marshal(response); err != nil {
				b.Fatal(err)
			}
		}
		reportCPU(b, before)
	})
}
