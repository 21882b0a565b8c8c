package remote

// Documents are what is put to a server, by name.
func Documents() map[string]string {
	return map[string]string{"start": startDocument, "cancel": cancelDocument, "run": runDocument, "answers": answersDocument,
		"save": saveDocument, "saved": savedDocument}
}

// InputOf is what a definition is sent as.
var InputOf = inputOf
