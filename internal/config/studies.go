package config

import (
	"time"

	"onelondon/internal/clinical"
)

// Studies says how questions about many people are answered. Without a folder none are taken.
type Studies struct {
	Folder    string                   // what each project was told, a sealed file each
	Codelists string                   // folder of the registered code lists
	Boroughs  map[clinical.Text]string // by the ODS code of a practice
	Deadline  time.Duration            // how long sources are waited for
	Keep      time.Duration            // how long an answer can be fetched, and a question that was cut short be taken up
	Memory    int                      // bytes that one question may take
}

func (s section) studies() Studies {
	if _, ok := s.keys["studies"]; !ok {
		return Studies{}
	}
	of := s.in("studies", "folder", "codelists", "organisations", "deadline", "keep", "memory")
	folder := of.required("folder", "say where to keep what each project was told")
	if folder != "" {
		folder = of.path(folder)
	}
	of.required("codelists", "name the folder of the code lists that are registered; its index.yaml may hold none: lists: {}")
	return Studies{Folder: folder, Codelists: of.folderPath("codelists"), Boroughs: of.organisations("organisations", "borough"), Deadline: of.duration("deadline"),
		Keep: of.duration("keep"), Memory: of.size("memory")}
}
