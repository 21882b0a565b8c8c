package server

import (
	"mime"
	"strconv"
	"strings"
)

// The media types of an answer (GraphQL over HTTP, section 4).
const (
	mediaGraphQL = "application/graphql-response+json"
	mediaJSON    = "application/json"
)

// negotiate chooses the media type of the answer. If the request has no preference it is application/json, which every
// client understands.
func negotiate(accept []string) (media string, ok bool) {
	if len(accept) == 0 {
		return mediaJSON, true
	}
	if len(accept) == 1 {
		switch accept[0] {
		case "", "*/*", mediaJSON:
			return mediaJSON, true
		case mediaGraphQL:
			return mediaGraphQL, true
		}
	}
	best := 0.0
	for part := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		offered, quality := preference(part)
		if offered != "" && quality > best {
			media, best = offered, quality
		}
	}
	return media, media != ""
}

// preference parses one element of an Accept header: the media type of ours that it matches, and its quality.
func preference(part string) (media string, quality float64) {
	name, parameters, err := mime.ParseMediaType(strings.TrimSpace(part))
	if err != nil {
		return "", 0
	}
	if charset, ok := parameters["charset"]; ok && !strings.EqualFold(charset, "utf-8") {
		return "", 0
	}
	quality = 1
	if q, ok := parameters["q"]; ok {
		if quality, err = strconv.ParseFloat(q, 64); err != nil {
			return "", 0
		}
	}
	switch name {
	case mediaGraphQL:
		return mediaGraphQL, quality
	case mediaJSON, "*/*", "application/*":
		return mediaJSON, quality
	}
	return "", 0
}

// takesJSON reports whether a Content-Type is JSON in UTF-8. Requiring it makes browsers send a preflight request
// before another site's page can send a question.
func takesJSON(contentType string) bool {
	if contentType == mediaJSON {
		return true
	}
	name, parameters, err := mime.ParseMediaType(contentType)
	if err != nil || name != mediaJSON {
		return false
	}
	charset, ok := parameters["charset"]
	return !ok || strings.EqualFold(charset, "utf-8")
}
