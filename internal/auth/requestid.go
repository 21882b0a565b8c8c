package auth

import "onelondon/internal/clinical"

// IsRequestID reports whether text is acceptable as a request id: up to 64 letters, digits and hyphens that contain no
// NHS number. Request ids go into logs and into the ledger.
func IsRequestID(id string) bool {
	for i := range len(id) {
		if c := id[i]; c != '-' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return id != "" && len(id) <= 64 && !looksLikeNumber(id) && !holdsNumber(id)
}

// looksLikeNumber reports whether an id is ten digits, which could be an NHS number.
func looksLikeNumber(id string) bool {
	digits := 0
	for i := range len(id) {
		if id[i] >= '0' && id[i] <= '9' {
			digits++
		} else if id[i] != '-' {
			return false
		}
	}
	return digits == 10
}

// holdsNumber reports whether an id contains an NHS number, plain or grouped, with no digit next to it.
func holdsNumber(id string) bool {
	digit := func(i int) bool { return i >= 0 && i < len(id) && id[i] >= '0' && id[i] <= '9' }
	for from := range id {
		if !digit(from) || digit(from-1) {
			continue
		}
		for _, length := range []int{len("9990000018"), len("999-000-0018")} {
			if to := from + length; to <= len(id) && !digit(to) {
				if _, err := clinical.ParseNHSNumber(id[from:to]); err == nil {
					return true
				}
			}
		}
	}
	return false
}
