package audit

import "encoding/json"

// Forms is an entry as the ledger stores it, as encoding/json would store it, and whether the former was written by hand.
func Forms(entry Entry) (stores, want string, byHand bool) {
	body, _ := json.Marshal(stored{form, entry})
	if !entry.plain() {
		return string(body), string(body), false
	}
	return string(entry.appendTo(nil)), string(body), true
}
