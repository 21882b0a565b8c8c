package web_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"errors"
	"math"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"onelondon/web"
)

// register is two pages of one study each, the second refused.
func register(_ context.Context, after string) (web.StudiesPage, error) {
	study := web.Study{At: time.Date(2026, 11, 26, 9, 30, 0, 0, time.UTC), Project: "example-diabetes", Organisation: "QMF",
		OrganisationName: "North East London ICB", Purpose: "HOPERAT", PurposeName: "Running health services", Name: "diabetes-emergencies", Version: 2, Title: "Diabetes & <A&E>", Digest: "sha256:5f",
		Words: "People\n  with diabetes, and\n    with an emergency.", Answered: true}
	switch after {
	case "":
		return web.StudiesPage{Studies: []web.Study{study}, Next: "a b"}, nil
	case "a b":
		study.Answered, study.Reasons = false, []string{"Too few people."}
		return web.StudiesPage{Studies: []web.Study{study}}, nil
	case "end":
		return web.StudiesPage{}, nil
	case "down":
		return web.StudiesPage{}, errors.New("the database says: secret")
	}
	return web.StudiesPage{}, web.ErrNoPage
}

func TestTheRegisterIsReadAsAPageWithoutScript(t *testing.T) {
	answer := get(t, web.Studies(register), "http://127.0.0.1/studies")
	page := string(body(t, answer))
	for _, want := range []string{"Diabetes &amp; &lt;A&amp;E&gt;", `<time datetime="2026-11-26T09:30:00Z">26 November 2026, 09:30 UTC</time>`,
		"<dd>North East London ICB (QMF)</dd>", "example-diabetes", "<dd>Running health services</dd>", `<p class="depth2">with an emergency.</p>`, "version 2", "sha256:5f",
		`href="/studies?after=a%20b"`, ">Answered<"} {
		if !strings.Contains(page, want) {
			t.Errorf("lacks %q", want)
		}
	}
	if answer.StatusCode != http.StatusOK || strings.Contains(page, "<script") || strings.Contains(page, "ZgotmplZ") || strings.Contains(page, "http") {
		t.Errorf("%d\n%s", answer.StatusCode, page)
	}
	policy := answer.Header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "script-src") {
		t.Error(policy)
	}
	older := string(body(t, get(t, web.Studies(register), "http://127.0.0.1/studies?after=a%20b")))
	if !strings.Contains(older, ">Not answered<") || !strings.Contains(older, ">Too few people.<") || strings.Contains(older, ">Older<") || !strings.Contains(older, `<a href="/studies">Newest</a>`) {
		t.Error(older)
	}
}

func TestTheRegistersPageIsWellFormedAndHasItsLandmarks(t *testing.T) {
	for _, url := range []string{"/studies", "/studies?after=end"} {
		page := body(t, get(t, web.Studies(register), "http://127.0.0.1"+url))
		found := map[string]int{}
		decoder := xml.NewDecoder(strings.NewReader(string(page)))
		decoder.Strict, decoder.AutoClose, decoder.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
		for {
			token, err := decoder.Token()
			if token == nil {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if start, ok := token.(xml.StartElement); ok {
				found[start.Name.Local]++
			}
		}
		if found["main"] != 1 || found["h1"] != 1 || found["nav"] != 1 || found["h2"] != found["article"] || found["title"] != 1 {
			t.Errorf("%s: %v", url, found)
		}
	}
}

func TestTheRegisterIsReadByPrograms(t *testing.T) {
	answer := get(t, web.Studies(register), "http://127.0.0.1/studies.json")
	var page web.StudiesPage
	if err := json.Unmarshal(body(t, answer), &page); err != nil || len(page.Studies) != 1 || page.Next != "a b" || page.Studies[0].Version != 2 {
		t.Errorf("%+v, %v", page, err)
	}
	if empty := string(body(t, get(t, web.Studies(register), "http://127.0.0.1/studies.json?after=end"))); empty != `{"studies":[]}` {
		t.Error(empty)
	}
}

func TestARegisterThatCannotBeReadSaysSoAndNoMore(t *testing.T) {
	for url, want := range map[string]int{"/studies?after=down": http.StatusServiceUnavailable, "/studies.json?after=down": http.StatusServiceUnavailable,
		"/studies?after=nonsense": http.StatusNotFound, "/studies/other": http.StatusNotFound} {
		answer := get(t, web.Studies(register), "http://127.0.0.1"+url)
		if text := string(body(t, answer)); answer.StatusCode != want || strings.Contains(text, "secret") {
			t.Errorf("%s: %d %s", url, answer.StatusCode, text)
		}
	}
}

// Titles, names and words are an analyst's own, and reasons a policy's: whatever stands in them is text, and nothing of it acts.
func TestNothingThatSomebodyWroteBecomesPartOfThePage(t *testing.T) {
	const hostile = `</p></article><script>alert(1)</script><img src=x onerror="alert(2)"><a href="javascript:alert(3)">'"` + "`{{.}}\u2028"
	hard := func(context.Context, string) (web.StudiesPage, error) {
		study := web.Study{Project: hostile, Organisation: hostile, Purpose: hostile, Name: hostile, Title: hostile, Words: hostile + "\n  " + hostile,
			Digest: hostile, Reasons: []string{hostile}, OrganisationName: hostile, PurposeName: hostile}
		nameless := web.Study{Name: "only-a-name"}
		return web.StudiesPage{Studies: []web.Study{study, nameless}, Next: `"><script>alert(4)</script>`}, nil
	}
	answer := get(t, web.Studies(hard), "http://127.0.0.1/studies")
	page := string(body(t, answer))
	decoder := xml.NewDecoder(strings.NewReader(page))
	decoder.Strict, decoder.AutoClose, decoder.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	articles := 0
	for token, err := decoder.Token(); token != nil; token, err = decoder.Token() {
		if err != nil {
			t.Fatal(err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		articles += map[bool]int{true: 1}[start.Name.Local == "article"]
		if name := start.Name.Local; name == "script" || name == "img" {
			t.Errorf("an element %s", name)
		}
		for _, attribute := range start.Attr {
			if strings.HasPrefix(attribute.Name.Local, "on") || strings.Contains(attribute.Value, "alert(") && !strings.HasPrefix(attribute.Value, "/studies?after=") ||
				strings.ContainsAny(attribute.Value, `<>"`) {
				t.Errorf("%s has %s=%q", start.Name.Local, attribute.Name.Local, attribute.Value)
			}
		}
	}
	if articles != 2 || strings.Count(page, "&lt;script&gt;alert(1)") != 10 || !strings.Contains(page, "<h2>only-a-name</h2>") {
		t.Errorf("%d articles\n%s", articles, page)
	}
}

// Whoever reads the register leaves nothing behind, and nobody frames it or guesses what it is.
func TestEveryAnswerOfTheRegisterSaysHowItMayBeUsed(t *testing.T) {
	for _, path := range []string{"/studies", "/studies.json", "/studies?after=end"} {
		header := get(t, web.Studies(register), "http://127.0.0.1"+path).Header
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-cache",
			"Set-Cookie": ""} {
			if header.Get(name) != want {
				t.Errorf("%s: %s is %q, want %q", path, name, header.Get(name), want)
			}
		}
		if policy := header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("%s: %s", path, policy)
		}
	}
}

// luminance is WCAG 2's relative luminance.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	value, err := strconv.ParseUint(hex, 16, 24)
	if err != nil {
		t.Fatal(err)
	}
	part := func(shift int) float64 {
		share := float64(value>>shift&0xff) / 255
		if share <= 0.04045 {
			return share / 12.92
		}
		return math.Pow((share+0.055)/1.055, 2.4)
	}
	return 0.2126*part(16) + 0.7152*part(8) + 0.0722*part(0)
}

func TestTextHasTheContrastOfWCAGsLevelAA(t *testing.T) {
	style, err := os.ReadFile("studies.css")
	if err != nil {
		t.Fatal(err)
	}
	themes := regexp.MustCompile(`:root \{([^}]*)\}`).FindAllSubmatch(style, -1)
	if len(themes) != 2 {
		t.Fatalf("%d themes", len(themes))
	}
	for i, theme := range themes {
		colours := map[string]float64{}
		for _, each := range regexp.MustCompile(`--(\w+): #(\w{6})`).FindAllStringSubmatch(string(theme[1]), -1) {
			colours[each[1]] = luminance(t, each[2])
		}
		for text, least := range map[string]float64{"ink": 4.5, "faint": 4.5, "link": 4.5, "good": 4.5, "bad": 4.5, "edge": 3} {
			for _, under := range []string{"page", "card"} {
				lighter, darker := max(colours[text], colours[under]), min(colours[text], colours[under])
				if contrast := (lighter + 0.05) / (darker + 0.05); contrast < least {
					t.Errorf("theme %d: %s on %s has %.2f", i, text, under, contrast)
				}
			}
		}
	}
}

func TestThePolicyAllowsTheStyleThatThePageHas(t *testing.T) {
	answer := get(t, web.Studies(register), "http://127.0.0.1/studies")
	style := regexp.MustCompile(`(?s)<style>(.*)</style>`).FindSubmatch(body(t, answer))
	sum := sha256.Sum256(style[1])
	if policy := answer.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'") {
		t.Error(policy)
	}
}
