package server

import (
	"encoding/json"
	"net/http"
	"strconv"

	"onelondon/graph/refusal"
)

// problem is the response to a request that is not a valid question. Its wording is entirely ours.
type problem struct {
	status  int
	code    refusal.Code
	message string
}

// Error makes a problem an error within the package.
func (p problem) Error() string { return p.message }

// The problems. Their codes are part of the closed set that callers see.
var (
	notFound      = problem{http.StatusNotFound, refusal.BadRequest, "There is nothing here. Questions go to /graphql."}
	wrongMethod   = problem{http.StatusMethodNotAllowed, refusal.BadRequest, "This method is not taken here."}
	postOnly      = problem{http.StatusMethodNotAllowed, refusal.BadRequest, "Questions are taken by POST alone, since what stands in a URL ends in logs, and from pages of this server's own origin."}
	notJSON       = problem{http.StatusUnsupportedMediaType, refusal.BadRequest, "Send the question as Content-Type: application/json, in UTF-8, not compressed."}
	notAcceptable = problem{http.StatusNotAcceptable, refusal.BadRequest, "Answers come as application/graphql-response+json or application/json."}
	unidentified  = problem{http.StatusUnauthorized, refusal.Unauthenticated, "A bearer token is needed in the Authorization header."}
	tokenRefused  = problem{http.StatusUnauthorized, refusal.Unauthenticated, "The token is not valid here: it was signed by another issuer or for another audience, or is damaged."}
	tokenExpired  = problem{http.StatusUnauthorized, refusal.Unauthenticated, "The token has run out, or does not hold yet. Get a new one."}
	badPurpose    = problem{http.StatusBadRequest, refusal.BadRequest, "X-Purpose-Of-Use is not one purpose code, such as TREAT."}
	tooLarge      = problem{http.StatusRequestEntityTooLarge, refusal.DocumentTooLarge, "The request is larger than this server takes."}
	unread        = problem{http.StatusBadRequest, refusal.BadRequest, "The request did not arrive whole."}
	notUTF8       = problem{http.StatusBadRequest, refusal.BadRequest, "The body is not valid UTF-8."}
	malformed     = problem{http.StatusBadRequest, refusal.BadRequest, "The body is not a JSON object with a query."}
	batch         = problem{http.StatusBadRequest, refusal.BadRequest, "Batches are not taken; ask several things in one document."}
	unknownKey    = problem{http.StatusBadRequest, refusal.BadRequest, "The body has an unknown key; known are query, variables, operationName and extensions."}
	repeatedKey   = problem{http.StatusBadRequest, refusal.BadRequest, "The body has a key twice in one object."}
	tooNested     = problem{http.StatusBadRequest, refusal.BadRequest, "The variables are nested too deeply."}
	badQuery      = problem{http.StatusBadRequest, refusal.BadRequest, "query must be a string that is not empty."}
	badOperation  = problem{http.StatusBadRequest, refusal.BadRequest, "operationName must be a string or null."}
	badVariables  = problem{http.StatusBadRequest, refusal.BadRequest, "variables must be an object or null."}
	badExtensions = problem{http.StatusBadRequest, refusal.BadRequest, "extensions must be an object or null."}
	internal      = problem{http.StatusInternalServerError, refusal.Internal, "Something went wrong here. Quote the request id when you report it."}
)

// write answers with the problem as a GraphQL error, in the media type that the request prefers.
func (p problem) write(w http.ResponseWriter, r *http.Request) {
	media, ok := negotiate(r.Header["Accept"])
	if !ok {
		media = mediaJSON
	}
	body, err := json.Marshal(map[string]any{"errors": []any{map[string]any{
		"message":    p.message,
		"extensions": map[string]any{"code": p.code, "requestId": requestID(r.Context())},
	}}})
	if err != nil {
		http.Error(w, internal.message, http.StatusInternalServerError)
		return
	}
	header := w.Header()
	header.Set("Content-Type", media+"; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(p.status)
	_, _ = w.Write(body)
}
