package clinical_test

import (
	"testing"

	"onelondon/internal/clinical"
)

func TestEveryKindIsDescribed(t *testing.T) {
	for _, kind := range clinical.Kinds() {
		descriptor := kind.Descriptor()
		if descriptor == nil || descriptor.Kind != kind || descriptor.New().Kind() != kind {
			t.Fatalf("kind %d is described as %+v", kind, descriptor)
		}
		if found, ok := clinical.ParseKind(kind.String()); !ok || found != kind {
			t.Errorf("%s is not found by its name", kind)
		}
		var all clinical.FieldSet
		for i := range descriptor.Fields {
			field := &descriptor.Fields[i]
			if named, ok := descriptor.Field(field.Name); !ok || named != field || all&field.Bit != 0 {
				t.Errorf("%s.%s is not itself", kind, field.Name)
			}
			all |= field.Bit
		}
		if all != descriptor.All() {
			t.Errorf("%s: the fields are not all of them", kind)
		}
	}
	if name := clinical.Kind(200).String(); name != "Kind(200)" {
		t.Errorf("a kind that does not exist is called %s", name)
	}
}

func TestAFieldIsFilledAndClearedByName(t *testing.T) {
	descriptor := clinical.KindObservation.Descriptor()
	record := descriptor.New().(*clinical.Observation)
	for name, set := range map[string]func(){
		"value": func() { record.Value = "5.1" },
		"code":  func() { record.Code.Code = "44054006" },
		"date":  func() { record.Date, _ = clinical.ParseDateTime("2020") },
	} {
		field, ok := descriptor.Field(name)
		if !ok {
			t.Fatalf("no field %s", name)
		}
		empty := string(field.AppendTo(nil, record))
		set()
		if string(field.AppendTo(nil, record)) == empty {
			t.Errorf("%s: the value does not show", name)
		}
		if field.Clear(record); string(field.AppendTo(nil, record)) != empty {
			t.Errorf("%s: the value is still there", name)
		}
	}
}

func TestAbsorbedRecordsAreContributors(t *testing.T) {
	first, second := &clinical.Medication{}, &clinical.Medication{}
	first.Absorb(second)
	if got := first.Contributors(); len(got) != 2 || got[0] != first || got[1] != second {
		t.Errorf("contributors %v", got)
	}
	first.Keep(func(clinical.Record) bool { return false })
	if got := first.Contributors(); len(got) != 1 {
		t.Errorf("contributors %v", got)
	}
}

func TestALabelIsYesNoOrNotKnown(t *testing.T) {
	var labels clinical.LabelSet
	for _, label := range clinical.Labels() {
		if _, known := labels.Value(label); known {
			t.Errorf("%s is known of nothing", label)
		}
		for _, want := range []bool{true, false, true} {
			labels.Put(label, want)
			if set, known := labels.Value(label); !known || set != want {
				t.Errorf("%s: set %v, known %v, want %v", label, set, known, want)
			}
		}
	}
}
