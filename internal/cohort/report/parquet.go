package report

import (
	"fmt"
	"io"
	"reflect"

	"github.com/parquet-go/parquet-go"

	"onelondon/internal/cohort"
)

// writeParquet writes one row a cell, and the provenance into the file's metadata under names that begin with "onelondon.".
func writeParquet(out io.Writer, answer *cohort.Answer) error {
	entries, err := provenance(answer)
	if err != nil {
		return err
	}
	columns := columnsOf(&answer.Result)
	row := rowType(columns)
	options := []parquet.WriterOption{parquet.SchemaOf(reflect.New(row).Interface()), parquet.Compression(&parquet.Zstd)}
	for _, each := range entries {
		options = append(options, parquet.KeyValueMetadata("onelondon."+each.name, each.value))
	}
	writer := parquet.NewWriter(out, options...)
	for i := range answer.Result.Rows {
		if err := writer.Write(fill(row, columns, &answer.Result.Rows[i])); err != nil {
			return fmt.Errorf("write row %d: %w", i+1, err)
		}
	}
	return writer.Close()
}

// rowType is a struct with a field for each column: the library keeps the order of a struct's fields, and no other.
func rowType(columns []column) reflect.Type {
	fields := make([]reflect.StructField, len(columns))
	for i, each := range columns {
		fields[i] = reflect.StructField{
			Name: fmt.Sprintf("Column%d", i),
			Type: goType(each.kind),
			Tag:  reflect.StructTag(fmt.Sprintf(`parquet:"%s"`, tag(each))),
		}
	}
	return reflect.StructOf(fields)
}

func tag(c column) string {
	if c.kind == whole || c.kind == number {
		return c.name + ",optional"
	}
	return c.name
}

// goType is a pointer for what may be missing.
func goType(kind valueKind) reflect.Type {
	switch kind {
	case whole:
		return reflect.TypeFor[*int64]()
	case number:
		return reflect.TypeFor[*float64]()
	case flag:
		return reflect.TypeFor[bool]()
	}
	return reflect.TypeFor[string]()
}

// fill makes a row of a cell. What may not be shown stays null.
func fill(row reflect.Type, columns []column, cell *cohort.Row) any {
	filled := reflect.New(row)
	for i := range columns {
		field := filled.Elem().Field(i)
		value := reflect.ValueOf(columns[i].value(cell))
		switch {
		case !value.IsValid():
		case field.Kind() == reflect.Pointer:
			field.Set(reflect.New(value.Type()))
			field.Elem().Set(value)
		default:
			field.Set(value)
		}
	}
	return filled.Interface()
}
