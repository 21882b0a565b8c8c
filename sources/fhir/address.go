package fhir

import (
	"net"
	"net/url"
	"regexp"
	"strings"
)

// A logical id means something on its own server alone. What a resource refers to on another is somebody else's, though the ids be the same, and a
// resource that comes under another server's address is not of this one. So every page is put into the words of the source's own server as it
// comes: references to it by its address become Type/id, and any others keep the whole address, which is no id of anything here.

// base is one address that resources of the server hang below, in the form in which addresses are compared.
type base struct{ host, path string }

// baseOf reads an address. http and https mean the same server, as do a host in capitals and the usual port: what is behind a gateway often
// does not know how it was reached.
func baseOf(address *url.URL) base {
	host, port := strings.ToLower(address.Hostname()), address.Port()
	if port != "" && port != "80" && port != "443" {
		host = net.JoinHostPort(host, port)
	}
	return base{host, strings.TrimSuffix(address.EscapedPath(), "/")}
}

// basesOf are the server's address and those that it is known by besides.
func basesOf(own *url.URL, aliases []string) ([]base, error) {
	bases := []base{baseOf(own)}
	for _, alias := range aliases {
		address, err := url.Parse(alias)
		if err != nil || !isWeb(alias) || address.Host == "" || address.RawQuery != "" || address.Fragment != "" || address.User != nil {
			return nil, errAlias
		}
		bases = append(bases, baseOf(address))
	}
	return bases, nil
}

// isWeb reports whether a reference is an address on the web, and not one within a server or a Bundle.
func isWeb(reference string) bool {
	scheme, _, found := strings.Cut(reference, "://")
	return found && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https"))
}

// onServer is a resource's place on its server, with a version or without.
var onServer = regexp.MustCompile(`^[A-Z][A-Za-z]{2,63}/[^/?#]+(/_history/[^/?#]+)?$`)

// below is what of an address stands behind one of the server's own; false where it is another server's.
func (c *client) below(address *url.URL) (rest string, ours bool) {
	is := baseOf(address)
	for _, own := range c.bases {
		rest, ours = strings.CutPrefix(is.path, own.path)
		if ours = ours && is.host == own.host && address.User == nil && (rest == "" || rest[0] == '/'); ours {
			return rest, true
		}
	}
	return "", false
}

// place is a resource's place on the server by its address, "" where it is on another.
func (c *client) place(address string) string {
	at, err := url.Parse(address)
	if err != nil || at.RawQuery != "" || at.Fragment != "" {
		return ""
	}
	rest, _ := c.below(at)
	if rest = strings.TrimPrefix(rest, "/"); !onServer.MatchString(rest) {
		return ""
	}
	return rest
}

// localise makes references to the server by its address references by type and id.
func (c *client) localise(value any) {
	switch of := value.(type) {
	case []any:
		for _, each := range of {
			c.localise(each)
		}
	case object:
		if to := text(of["reference"]); isWeb(to) {
			if place := c.place(to); place != "" {
				of["reference"] = place
			}
		}
		for _, each := range of {
			c.localise(each)
		}
	}
}

// unpack writes into references to contained resources who or what these are: the name, an organisation's ODS code, a patient's NHS number. What stands
// in one resource alone has no id that means anything outside it.
func unpack(resource object) {
	for _, contained := range codings(resource["contained"]) {
		id := text(contained["id"])
		if id == "" || modified(contained) {
			continue
		}
		found := called{name: nameOf(contained)}
		var number object
		switch text(contained["resourceType"]) {
		case "Organization":
			found.ods = odsOf(contained)
		case "Patient":
			found.name = "" // nobody's name is to be read in the place of an author
			var one person
			if one.identified(codings(contained["identifier"])); !one.number.IsZero() {
				number = object{"system": nhsSystem, "value": one.number.Reveal()}
			}
		}
		refer(resource, "#"+id, func(of object) {
			fillReferences([]object{of}, found)
			if number != nil && of["identifier"] == nil {
				of["identifier"] = number
			}
		})
	}
}

// refer goes through what refers to something.
func refer(value any, to string, each func(object)) {
	switch of := value.(type) {
	case []any:
		for _, one := range of {
			refer(one, to, each)
		}
	case object:
		if text(of["reference"]) == to {
			each(of)
		}
		for _, one := range of {
			refer(one, to, each)
		}
	}
}

// own are a page's resources. One that comes under another server's address keeps nothing but its type: it is counted, and nothing of it is read.
func (c *client) own(page *bundle) (resources []object, strange int) {
	resources = make([]object, len(page.Entry))
	for i := range page.Entry {
		entry := &page.Entry[i]
		if isWeb(entry.FullURL) && c.place(entry.FullURL) == "" {
			resources[i] = object{"resourceType": entry.Resource["resourceType"]}
			strange++
			continue
		}
		c.localise(entry.Resource)
		unpack(entry.Resource)
		resources[i] = entry.Resource
	}
	return resources, strange
}
