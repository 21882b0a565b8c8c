package sqlsource

import (
	"database/sql"
	"fmt"
)

// scratch is space for one row.
type scratch struct {
	values []any
	raw    []sql.RawBytes
	into   []any
	row    []string
	all    []byte
}

func (k *scratch) fit(width int) {
	if len(k.row) == width {
		return
	}
	k.values, k.raw = make([]any, width), make([]sql.RawBytes, width)
	k.into, k.row = make([]any, width), make([]string, width)
}

func (k *scratch) scan(rows *sql.Rows, stable bool) ([]string, error) {
	if stable {
		return k.scanStable(rows)
	}
	for i := range k.into {
		k.into[i] = &k.raw[i]
	}
	if err := rows.Scan(k.into...); err != nil {
		return nil, err
	}
	k.all = k.all[:0]
	for _, value := range k.raw {
		k.all = append(k.all, value...)
	}
	rest := string(k.all)
	for i, value := range k.raw {
		k.row[i], rest = rest[:len(value)], rest[len(value):]
	}
	return k.row, nil
}

func (k *scratch) scanStable(rows *sql.Rows) ([]string, error) {
	for i := range k.into {
		k.into[i] = &k.values[i]
	}
	if err := rows.Scan(k.into...); err != nil {
		return nil, err
	}
	for i, value := range k.values {
		switch value := value.(type) {
		case nil:
			k.row[i] = ""
		case string:
			k.row[i] = value
		case []byte:
			k.row[i] = string(value)
		default:
			k.row[i] = fmt.Sprint(value)
		}
	}
	return k.row, nil
}
