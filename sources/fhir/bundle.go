package fhir

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"onelondon/internal/clinical"
	"onelondon/sources"
)

// bundle is one page of what a search found.
type bundle struct {
	ResourceType string `json:"resourceType"`
	Total        any    `json:"total"`
	Link         []struct {
		Relation string `json:"relation"`
		URL      string `json:"url"`
	} `json:"link"`
	Entry []struct {
		FullURL  string `json:"fullUrl"`
		Resource object `json:"resource"`
	} `json:"entry"`
}

// batchReply answers a batch, one entry for each of its entries.
type batchReply struct {
	ResourceType string `json:"resourceType"`
	Entry        []struct {
		Resource json.RawMessage `json:"resource"`
		Response struct {
			Status string `json:"status"`
		} `json:"response"`
	} `json:"entry"`
}

// next is the link to the page that follows, "" on the last.
func (b *bundle) next() string {
	for i := range b.Link {
		if b.Link[i].Relation == "next" {
			return b.Link[i].URL
		}
	}
	return ""
}

// total is how many resources match on all pages, as far as the server says; 0 where it does not.
func (b *bundle) total() int {
	count, err := strconv.Atoi(text(b.Total))
	if err != nil {
		return 0
	}
	return count
}

// check refuses what is no page, and a page on which the server says that its search went wrong.
func (b *bundle) check() error {
	if b.ResourceType != "Bundle" {
		return server.Garbled("no Bundle")
	}
	for i := range b.Entry {
		resource := b.Entry[i].Resource
		if text(resource["resourceType"]) != "OperationOutcome" {
			continue
		}
		for _, issue := range codings(resource["issue"]) {
			if severity := text(issue["severity"]); severity == "error" || severity == "fatal" {
				return server.Garbled("an OperationOutcome of severity " + severity)
			}
		}
	}
	return nil
}

// batchEntry is one search of a batch.
type batchEntry struct {
	Request struct {
		Method string `json:"method"`
		URL    string `json:"url"`
	} `json:"request"`
}

// batch puts searches into one request. Their parameters stand in its body.
func (c *client) batch(searches []*search) exchange {
	entries := make([]batchEntry, len(searches))
	for i, s := range searches {
		entries[i].Request.Method, entries[i].Request.URL = http.MethodGet, s.resource+"?"+s.params.Encode()
	}
	body, _ := json.Marshal(map[string]any{"resourceType": "Bundle", "type": "batch", "entry": entries}) // texts always can be
	return exchange{http.MethodPost, c.base.String(), fhirType, body}
}

// found reads a batch's entries in the order of the searches.
func (b *batchReply) found(count int) ([]*bundle, error) {
	if b.ResourceType != "Bundle" || len(b.Entry) != count {
		return nil, server.Garbled("another number of entries than its batch has")
	}
	pages := make([]*bundle, count)
	for i := range b.Entry {
		number, _, _ := strings.Cut(b.Entry[i].Response.Status, " ")
		status, err := strconv.Atoi(number)
		if err != nil || status < 100 || status > 599 {
			return nil, server.Garbled("an entry without a status")
		}
		if status != http.StatusOK {
			return nil, server.Refused(status)
		}
		pages[i] = &bundle{}
		if err := server.Decode(b.Entry[i].Resource, pages[i]); err != nil {
			return nil, err
		}
	}
	return pages, nil
}

var (
	// tenDigits stand alone: servers name their pages by random UUIDs, and now and then one holds ten digits that would pass for a number.
	tenDigits = regexp.MustCompile(`(?:^|[^0-9A-Za-z])([0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4})(?:[^0-9A-Za-z]|$)`)
	typeName  = regexp.MustCompile(`^[A-Z][A-Za-z]{2,40}$`)
)

// follow is the request for a page that a link leads to. It leads nowhere but to the server, for a token goes with it. A link that
// holds an NHS number is asked for as a form; where it cannot be, the question fails.
func (c *client) follow(link string) (exchange, error) {
	relative, err := url.Parse(link)
	if err != nil {
		return exchange{}, server.Garbled("a link that is no address")
	}
	root := *c.base
	root.Path += "/"
	asked := root.ResolveReference(relative)
	rest, ours := c.below(asked)
	to, err := url.Parse(c.base.String() + rest) // at the address that is ours to ask, whichever the link names
	if !isWeb(asked.String()) || !ours || err != nil || strings.Contains(to.Path, "/..") {
		return exchange{}, server.Garbled("a link that leads elsewhere")
	}
	to.RawQuery = asked.RawQuery
	if !numbered(to.Path) && !numbered(to.RawQuery) {
		return exchange{http.MethodGet, to.String(), "", nil}, nil
	}
	resource := strings.TrimSuffix(strings.TrimPrefix(to.Path, root.Path), "/_search")
	params, err := url.ParseQuery(to.RawQuery)
	if err != nil || !typeName.MatchString(resource) {
		return exchange{}, server.Garbled("a link with an NHS number")
	}
	return c.form(resource, params), nil
}

// numbered reports whether text, escaped or not, holds a valid NHS number.
func numbered(escaped string) bool {
	plain, err := url.QueryUnescape(escaped)
	if err != nil {
		return true
	}
	for _, text := range []string{plain, escaped} {
		for found := tenDigits.FindStringSubmatchIndex(text); found != nil; found = tenDigits.FindStringSubmatchIndex(text) {
			if _, err := clinical.ParseNHSNumber(text[found[2]:found[3]]); err == nil {
				return true
			}
			text = text[found[2]+1:] // what ends one may begin the next
		}
	}
	return false
}

// narrowed adds what leaves out resources that a question does not ask for, where the server can and no other is lost by it.
func (s *search) narrowed(can *ability, codes []sources.Code, from, until clinical.DateTime) {
	if can.narrows(s.resource, s.layout.code) {
		if tokens := tokensOf(codes); tokens != "" {
			s.params.Set(s.layout.code, tokens)
		}
	}
	if !can.narrows(s.resource, s.layout.date) {
		return
	}
	const wide = "2006-01-02" // a day more on either side, since a server may reckon in another zone
	if !s.layout.spans && !from.IsZero() && from.At().Year() > 1 {
		s.params.Add(s.layout.date, "ge"+from.At().AddDate(0, 0, -1).Format(wide))
	}
	if !until.IsZero() && until.At().Year() < 9999 {
		s.params.Add(s.layout.date, "lt"+until.At().AddDate(0, 0, 2).Format(wide))
	}
}

var plainCode = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.-]*[A-Za-z0-9]$`)

// tokensOf writes codes as a token search, "" where one of them cannot be searched for exactly: servers differ in what they make of
// blanks, stops at the end and signs.
func tokensOf(codes []sources.Code) string {
	var tokens []string
	for _, code := range codes {
		if !plainCode.MatchString(string(code.Code)) {
			return ""
		}
		uris := urisOf(code.System)
		for _, uri := range uris {
			tokens = append(tokens, uri+"|"+string(code.Code))
		}
		if len(uris) == 0 {
			tokens = append(tokens, string(code.Code))
		}
	}
	return strings.Join(tokens, ",")
}
