package disclosure

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"onelondon/internal/clinical"
	"onelondon/internal/cohort"
)

// entry is what the ledger keeps of one question. It is sealed on the disk.
type entry struct {
	Digest  string         `json:"digest"`
	Name    string         `json:"name"`
	Version int            `json:"version"`
	At      time.Time      `json:"at"`
	Refused string         `json:"refused,omitempty"` // why it was
	Answer  *cohort.Answer `json:"answer,omitempty"`
	// Added are the people that the ledger had not met, in the order of their ordinals, eight bytes each.
	Added []byte `json:"added,omitempty"`
	// Kinds are the people of each kind that the question told apart, as bitmaps of ordinals. They are not repeated where those of an
	// earlier entry were the same. Cells are the people of each cell that was shown, in entries from before all was kept that was counted.
	Cells       [][]byte `json:"cells,omitempty"`
	Overlapping bool     `json:"overlapping,omitempty"`
	Kinds       [][]byte `json:"kinds,omitempty"`
	// Rules are the numbers that protected the answer, and Basis says who and what was left out before it was counted.
	Rules *Rules `json:"rules,omitempty"`
	Basis string `json:"basis,omitempty"`
	// Exact is what was counted, so that other numbers can protect it. Shown are the places of those of its cells that were shown,
	// and Again is set of an answer that protects anew what an earlier entry counted; that one has the cells.
	Exact *exact `json:"exact,omitempty"`
	Shown []int  `json:"shown,omitempty"`
	Again bool   `json:"again,omitempty"`
}

func (e *entry) body() ([]byte, error) {
	body, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("write an entry: %w", err)
	}
	return body, nil
}

func readEntry(body []byte) (*entry, error) {
	e := &entry{}
	if err := json.Unmarshal(body, e); err != nil {
		return nil, fmt.Errorf("read an entry: %w", err)
	}
	if len(e.Added)%8 != 0 {
		return nil, fmt.Errorf("read an entry: its people are cut off")
	}
	return e, nil
}

// shown are the people of each cell that was shown: those of the places in what was counted.
func (e *entry) shown() ([][]byte, error) {
	if e.Exact == nil || len(e.Cells) > 0 {
		return e.Cells, nil
	}
	var people [][]byte
	for _, place := range e.Shown {
		if place < 0 || place >= len(e.Exact.Cells) {
			return nil, fmt.Errorf("read an entry: it shows a cell that was not counted")
		}
		people = append(people, e.Exact.Cells[place].People)
	}
	return people, nil
}

func writePeople(people []clinical.Pseudonym) []byte {
	data := make([]byte, 0, 8*len(people))
	for _, person := range people {
		data = binary.BigEndian.AppendUint64(data, uint64(person))
	}
	return data
}

func readPeople(data []byte) []clinical.Pseudonym {
	people := make([]clinical.Pseudonym, 0, len(data)/8)
	for ; len(data) >= 8; data = data[8:] {
		people = append(people, clinical.Pseudonym(binary.BigEndian.Uint64(data)))
	}
	return people
}

func writeBitmaps(bitmaps []*roaring.Bitmap) ([][]byte, error) {
	written := make([][]byte, 0, len(bitmaps))
	for _, bitmap := range bitmaps {
		bitmap.RunOptimize()
		data, err := bitmap.ToBytes()
		if err != nil {
			return nil, fmt.Errorf("write a bitmap: %w", err)
		}
		written = append(written, data)
	}
	return written, nil
}

// readBitmaps reads what writeBitmaps wrote. An ordinal that nobody has is a fault.
func readBitmaps(written [][]byte, people int) ([]*roaring.Bitmap, error) {
	bitmaps := make([]*roaring.Bitmap, 0, len(written))
	for _, data := range written {
		bitmap := roaring.New()
		if err := bitmap.UnmarshalBinary(data); err != nil {
			return nil, fmt.Errorf("read a bitmap: %w", err)
		}
		if !bitmap.IsEmpty() && int(bitmap.Maximum()) >= people {
			return nil, fmt.Errorf("read a bitmap: it holds people whom the ledger has not met")
		}
		bitmaps = append(bitmaps, bitmap)
	}
	return bitmaps, nil
}
