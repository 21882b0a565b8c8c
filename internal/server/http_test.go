package server_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

const (
	both     = "application/graphql-response+json"
	plain    = "application/json"
	typename = `{"query":"{ __typename }"}`
)

// The audits of the GraphQL over HTTP draft, as the npm package graphql-http 1.23 makes them, under their own names. Those
// for GET (5A70, D6D5, 6A70, all MAY) are turned round: what stands in a URL ends in logs.
func TestAuditsOfGraphQLOverHTTP(t *testing.T) {
	type audit struct {
		name, accept, body string
		status             int
		media              string
	}
	audits := []audit{
		{"22EB accepts the GraphQL media type", both, typename, 200, both},
		{"4655 accepts application/json", plain, typename, 200, plain},
		{"47DE takes */* as application/json", "*/*", typename, 200, plain},
		{"80D8 takes no Accept as application/json", "-", typename, 200, plain},
		{"A5BF a body that is missing", "-", "", 400, plain},
		{"423L a query that is missing", both, `{"notquery":"{ __typename }"}`, 400, both},
		{"34A2 a query", both, typename, 200, both},
		{"8161 an operation's name", both, `{"operationName":"Query","query":"query Query { __typename }"}`, 200, both},
		{"B8B3 an operation's name", plain, `{"operationName":"Query","query":"query Query { __typename }"}`, 200, plain},
		{"2EA1 variables", both, `{"query":"query Type($name: String!) { __type(name: $name) { name } }","variables":{"name":"sometype"}}`, 200, both},
		{"28B9 variables", plain, `{"query":"query Type($name: String!) { __type(name: $name) { name } }","variables":{"name":"sometype"}}`, 200, plain},
		{"428F extensions", both, `{"query":"{ __typename }","extensions":{"some":"value"}}`, 200, both},
		{"1B7A extensions", plain, `{"query":"{ __typename }","extensions":{"some":"value"}}`, 200, plain},
		{"BCF8 JSON that does not parse", plain, `{ "not a JSON`, 400, plain},
		{"B7N8 JSON that does not parse", both, `{ "not a JSON`, 400, both},
		{"3E3A a key that is misspelt", "-", `{"qeury":"{ __typename }"}`, 400, plain},
		{"572B a document that does not parse", plain, `{"query":"{"}`, 200, plain},
		{"FDE2 a document that is not valid", plain, `{"query":"{ a8f31403dfe404bccbb0e835f2629c6a7 }"}`, 200, plain},
		{"7B9B a variable that is not of its type", plain, `{"query":"query CoerceFailure($id: ID!){ __typename }","variables":{"id":null}}`, 200, plain},
		{"556A a document that does not parse", both, `{"query":"{"}`, 400, both},
		{"74FF a document that is not valid", both, `{"query":"{ a8f31403dfe404bccbb0e835f2629c6a7 }"}`, 400, both},
		{"86EE a variable that is not of its type", both, `{"query":"query CoerceFailure($id: ID!){ __typename }","variables":{"id":null}}`, 400, both},
		{"BF61 more than ASCII", "-", `{"query":"{ __type(name: \"Run🏃Swim🏊\") { name } }"}`, 200, plain},
	}
	for _, wrong := range []string{`{"obj":"ect"}`, "0", "false", `["array"]`} {
		audits = append(audits, audit{"LKJ a query that is " + wrong, "-", `{"query":` + wrong + `}`, 400, plain},
			audit{"6C0 an operation's name that is " + wrong, "-", `{"query":"{ __typename }","operationName":` + wrong + `}`, 400, plain})
	}
	for _, wrong := range []string{`"string"`, "0", "false", `["array"]`} {
		audits = append(audits, audit{"476 variables that are " + wrong, "-", `{"query":"{ __typename }","variables":` + wrong + `}`, 400, plain},
			audit{"58B extensions that are " + wrong, "-", `{"query":"{ __typename }","extensions":` + wrong + `}`, 400, plain})
	}
	for _, key := range []string{"variables", "operationName", "extensions"} {
		audits = append(audits, audit{"94B null " + key, both, `{"query":"{ __typename }","` + key + `":null}`, 200, both},
			audit{"022 null " + key, plain, `{"query":"{ __typename }","` + key + `":null}`, 200, plain})
	}
	d := newDesk(t, nil)
	for _, a := range audits {
		got := d.ask(t, a.body, "Accept", a.accept)
		if got.status != a.status || !strings.HasPrefix(got.header.Get("Content-Type"), a.media+"; charset=utf-8") {
			t.Errorf("%s: %d %s\n%s", a.name, got.status, got.header.Get("Content-Type"), got.body)
		}
		var answer map[string]json.RawMessage
		if err := json.Unmarshal([]byte(got.body), &answer); err != nil {
			t.Errorf("%s: %v in %s", a.name, err, got.body)
		}
		if _, hasData := answer["data"]; hasData == (answer["errors"] != nil) {
			t.Errorf("%s: D586, 5E5B: data and errors: %s", a.name, got.body)
		}
	}
}

func TestQuestionsAreTakenByPOSTAlone(t *testing.T) {
	d := newDesk(t, nil)
	for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodDelete, http.MethodOptions, "QUERY"} {
		got := d.send(t, method, "/graphql?query={__typename}", "")
		if got.status != http.StatusMethodNotAllowed || got.header.Get("Allow") != "POST" {
			t.Errorf("%s: %d, Allow %q", method, got.status, got.header.Get("Allow"))
		}
	}
	if len(d.seen) > 0 {
		t.Error("a question was executed")
	}
}

func TestWhatIsNotAJSONQuestionIsRefused(t *testing.T) {
	d := newDesk(t, nil)
	deep := strings.Repeat("[", 100) + strings.Repeat("]", 100)
	for name, c := range map[string]struct {
		body   string
		header []string
		status int
	}{
		"no Content-Type":                    {typename, []string{"Content-Type", "-"}, 415},
		"a form, as another site's page may": {typename, []string{"Content-Type", "text/plain"}, 415},
		"application/graphql":                {"{ __typename }", []string{"Content-Type", "application/graphql"}, 415},
		"another encoding of characters":     {typename, []string{"Content-Type", "application/json; charset=utf-16"}, 415},
		"a compressed body":                  {typename, []string{"Content-Encoding", "gzip"}, 415},
		"an answer as HTML":                  {typename, []string{"Accept", "text/html"}, 406},
		"an answer in Latin-1":               {typename, []string{"Accept", "application/json; charset=iso-8859-1"}, 406},
		"nothing that is accepted at all":    {typename, []string{"Accept", "application/json;q=0"}, 406},
		"a batch":                            {"[" + typename + "]", nil, 400},
		"invalid UTF-8":                      {"{\"query\":\"{ __typename \xff}\"}", nil, 400},
		"a key twice":                        {`{"query":"{ __typename }","query":"{ sources { id } }"}`, nil, 400},
		"a key twice in the variables":       {`{"query":"{ __typename }","variables":{"a":{"b":1,"b":2}}}`, nil, 400},
		"a key in capitals":                  {`{"Query":"{ __typename }"}`, nil, 400},
		"something behind the object":        {typename + typename, nil, 400},
		"variables nested too deeply":        {`{"query":"{ __typename }","variables":{"a":` + deep + `}}`, nil, 400},
		"an empty query":                     {`{"query":""}`, nil, 400},
		"an object that does not end":        {`{"query":"{ __typename }","variables":{"a":[1`, nil, 400},
		"a number alone":                     {`7`, nil, 400},
	} {
		got := d.ask(t, c.body, c.header...)
		if got.status != c.status || !strings.Contains(got.body, `"code":"BAD_REQUEST"`) {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	if len(d.seen) > 0 {
		t.Error("a question was executed")
	}
}

func TestTheDearerMediaTypeWins(t *testing.T) {
	d := newDesk(t, nil)
	for accept, want := range map[string]string{
		"application/json;q=0.5, application/graphql-response+json":             both,
		"application/graphql-response+json;q=0.5, application/json":             plain,
		"application/graphql-response+json; charset=utf-8, application/json":    both,
		"multipart/mixed, application/json":                                     plain,
		"text/html;q=0.9, application/*;q=0.8":                                  plain,
		"application/graphql-response+json;q=nonsense, application/json;q=0.01": plain,
	} {
		if got := d.ask(t, typename, "Accept", accept); got.status != 200 || !strings.HasPrefix(got.header.Get("Content-Type"), want+";") {
			t.Errorf("%s: %d %s", accept, got.status, got.header.Get("Content-Type"))
		}
	}
}

func TestABodyIsReadUpToItsLimit(t *testing.T) {
	d := newDesk(t, nil)
	padding := strings.Repeat(" ", 1<<20)
	for _, header := range [][]string{nil, {"Content-Length", "-"}} {
		if got := d.ask(t, typename+padding, header...); got.status != http.StatusRequestEntityTooLarge ||
			!strings.Contains(got.body, `"code":"DOCUMENT_TOO_LARGE"`) {
			t.Errorf("%v: %d %s", header, got.status, got.body)
		}
	}
	if got := d.ask(t, typename+padding[:1<<20-len(typename)]); got.status != 200 {
		t.Errorf("exactly the limit: %d", got.status)
	}
}

func TestDeferIsRefusedNeverAnsweredWithHalf(t *testing.T) {
	d := newDesk(t, nil)
	for _, query := range []string{
		`{ patient(nhsNumber: \"9990000018\") { nhsNumber ... @defer { allergies { nodes { id } } } } }`,
		`query A($b: Boolean!) { patient(nhsNumber: \"9990000018\") { ...F @defer(if: $b) } } fragment F on Patient { nhsNumber }`,
	} {
		got := d.ask(t, `{"query":"`+query+`","variables":{"b":true}}`, "Accept", both)
		if got.status != 400 || !strings.Contains(got.body, "DEFER_NOT_SUPPORTED") || strings.Contains(got.body, "hasNext") {
			t.Errorf("%d %s", got.status, got.body)
		}
	}
}

func TestADocumentHasALimitOfTokens(t *testing.T) {
	d := newDesk(t, nil)
	got := d.ask(t, `{"query":"{`+strings.Repeat(" __typename", 20_000)+`}"}`, "Accept", both)
	if got.status != 400 || len(d.seen) > 0 {
		t.Errorf("%d %s", got.status, got.body)
	}
}

func TestAnAnswerCarriesNothingABrowserMayMisuse(t *testing.T) {
	d := newDesk(t, nil)
	got := d.ask(t, typename)
	for header, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
		"X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"} {
		if got.header.Get(header) != want {
			t.Errorf("%s: %q", header, got.header.Get(header))
		}
	}
	if got.header.Get("Access-Control-Allow-Origin") != "" || got.header.Get("Set-Cookie") != "" {
		t.Error("another site's page may read the answer")
	}
}
