package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"onelondon/internal/cohort"
)

// writeCSV writes one row a cell. What may not be shown is empty, and the column that ends in _shown says so. The total is no cell,
// and is among the comments alone.
func writeCSV(out io.Writer, answer *cohort.Answer, options Options) error {
	if options.Provenance {
		if err := writeComments(out, answer); err != nil {
			return err
		}
	}
	columns := columnsOf(&answer.Result)
	writer := csv.NewWriter(out)
	writer.UseCRLF = true
	line := make([]string, len(columns))
	for i := range columns {
		line[i] = columns[i].name
	}
	if err := writer.Write(line); err != nil {
		return err
	}
	for r := range answer.Result.Rows {
		for i := range columns {
			line[i] = csvText(columns[i].value(&answer.Result.Rows[r]))
		}
		if err := writer.Write(line); err != nil {
			return err
		}
	}
	writer.Flush()
	return writer.Error()
}

func csvText(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case bool:
		return strconv.FormatBool(value)
	case int64:
		return strconv.FormatInt(value, 10)
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	}
	return ""
}

// writeComments writes the provenance, one line each.
func writeComments(out io.Writer, answer *cohort.Answer) error {
	entries, err := provenance(answer)
	if err != nil {
		return err
	}
	if lacks := Incomplete(answer); lacks != "" {
		entries = append([]entry{{"incomplete", lacks}}, entries...)
	}
	for _, each := range entries {
		oneLine := strings.Join(strings.Fields(each.value), " ")
		if _, err := fmt.Fprintf(out, "# %s: %s\r\n", each.name, oneLine); err != nil {
			return err
		}
	}
	return nil
}
