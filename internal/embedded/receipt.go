package embedded

import (
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
)

// Receipt proves that a row was appended: its place, counted from 1, and its hash. Noted elsewhere, it shows later that the
// file still holds everything up to that row, see [Log.Verify].
type Receipt struct {
	Sequence uint64
	Hash     Hash
}

// String writes the receipt as "sequence:hash", the form that [ParseReceipt] reads.
func (r Receipt) String() string { return strconv.FormatUint(r.Sequence, 10) + ":" + r.Hash.String() }

// ParseReceipt reads what [Receipt.String] writes.
func ParseReceipt(text string) (Receipt, error) {
	var r Receipt
	sequence, digits, _ := strings.Cut(text, ":")
	var err error
	if r.Sequence, err = strconv.ParseUint(sequence, 10, 63); err != nil || len(digits) != hex.EncodedLen(len(r.Hash)) {
		return Receipt{}, errors.New("not a receipt: expected a sequence number, a colon and 64 hexadecimal digits")
	}
	if _, err := hex.Decode(r.Hash[:], []byte(digits)); err != nil {
		return Receipt{}, errors.New("not a receipt: expected hexadecimal digits after the colon")
	}
	return r, nil
}
