package config

import (
	"time"

	"onelondon/internal/clinical"
)

// Studies says how questions about many people are answered. Without a folder none are taken.
type Studies struct {
	Folder    string                   // the answers given to each project, in a sealed file each
	Codelists string                   // folder of the registered code lists
	Boroughs  map[clinical.Text]string // of practices, by ODS code
	Deadline  time.Duration            // how long to wait for sources
	Keep      time.Duration            // how long an answer can be fetched, and an interrupted question resumed
	Memory    int                      // bytes that one question may use
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
