// Package files reads folders of JSON that a server of records exported, for the stores that answer from them as the server would. It is
// strict: what it does not understand is a fault with its place, because a file that is passed over in silence is a record that is
// missing in silence.
//
//	err := files.Each("export", func(document files.Document) error {
//		return store.add(document.Object) // a fault is told with the document's place
//	})
//	// export/Condition.ndjson:17: no resource: it has no resourceType
//
// No fault holds a value of a file, and a file's name is masked where it holds an NHS number.
package files
