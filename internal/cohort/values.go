package cohort

import "fmt"

// Unknown is how a value of a dimension is written that is not known.
const Unknown = "unknown"

// BandName names the band of a number: "under 18", "18 to 39", "80 and over".
func BandName(bands []int, number int) string {
	for i, from := range bands {
		if number < from {
			return bandName(bands, i-1)
		}
	}
	return bandName(bands, len(bands)-1)
}

// bandName names a band by its place; -1 is what lies under the first.
func bandName(bands []int, at int) string {
	switch {
	case at < 0:
		return fmt.Sprintf("under %d", bands[0])
	case at == len(bands)-1:
		return fmt.Sprintf("%d and over", bands[at])
	case bands[at] == bands[at+1]-1:
		return fmt.Sprint(bands[at])
	}
	return fmt.Sprintf("%d to %d", bands[at], bands[at+1]-1)
}

// Values lists the values that cells of the dimension may have, in order, where they are known before anybody is counted: bands,
// sexes and groups. It is nil for all others. A value that is not known for a person is not among them.
func (d *Dimension) Values() []string {
	var values []string
	switch d.Kind {
	case ByAgeBand, ByPracticeSizeBand:
		if len(d.Bands) > 0 && d.Bands[0] > 0 {
			values = append(values, bandName(d.Bands, -1))
		}
		for i := range d.Bands {
			values = append(values, bandName(d.Bands, i))
		}
	case BySex:
		values = []string{"FEMALE", "MALE", "OTHER"}
	case ByGroup:
		for i := range d.Groups {
			values = append(values, d.Groups[i].Name)
		}
	}
	return values
}
