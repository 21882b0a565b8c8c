package executor_test

import (
	"math/rand/v2"
	"reflect"
	"time"

	"onelondon/internal/clinical"
)

func pick[T any](random *rand.Rand, all []T) T { return all[random.IntN(len(all))] }

// words returns text, some of it awkward to encode.
func words(random *rand.Rand) string {
	return pick(random, []string{"", "Asthma", "O'Brien \"Pat\"", "tab\tnew\nline\r", "back\\slash", "\x01\x1f\x7f",
		"Zoë Ångström 🩺", "<b>&amp;</b>", "\u2028\u2029", "broken \xff\xfe utf-8", "\xed\xa0\x80", "trailing \xc3"})
}

func value(random *rand.Rand, fieldType clinical.FieldType, faulty bool) reflect.Value {
	switch fieldType {
	case clinical.TypeConcept:
		return reflect.ValueOf(concept(random, faulty))
	case clinical.TypeDateTime:
		return reflect.ValueOf(clinical.NewDateTime(time.Unix(random.Int64N(2e9), 0), clinical.Precision(random.IntN(6))))
	case clinical.TypeDecimal:
		return reflect.ValueOf(pick(random, []clinical.Decimal{"", "0", "5.10", "-3", "123456789012345678901234567890.5"}))
	case clinical.TypeStatus:
		return reflect.ValueOf(pick(random, clinical.Statuses()))
	case clinical.TypeClass:
		return reflect.ValueOf(pick(random, clinical.EncounterClasses()))
	case clinical.TypeGender:
		return reflect.ValueOf(pick(random, clinical.Genders()))
	}
	return reflect.ValueOf(clinical.Text(words(random)))
}

func concept(random *rand.Rand, faulty bool) clinical.Concept {
	c := clinical.Concept{Text: clinical.Text(words(random))}
	if random.IntN(3) > 0 {
		c.Coding = coding(random)
	}
	for range random.IntN(3) {
		c.Translations = append(c.Translations, coding(random))
	}
	if faulty && len(c.Translations) > 0 && random.IntN(10) == 0 {
		c.Translations[0].Code = ""
	}
	return c
}

func coding(random *rand.Rand) clinical.Coding {
	return clinical.Coding{System: pick(random, clinical.CodeSystems()), Code: "195967001", Display: clinical.Text(words(random))}
}
