// Package ehrstore is a small openEHR server in memory: EHRs, versioned compositions, and queries in the part of AQL that
// [onelondon/sources/openehr/aql] knows. A source that is a folder of files is answered from one in the process ([Read]), and the driver's tests hold it
// and EHRbase to the same.
//
// It is strict: what it does not know it refuses. It checks no composition against a template and asks nobody who they are, so it is to
// listen on loopback alone.
//
//	store := ehrstore.New("demo.onelondon", time.Now)
//	ehr, err := store.CreateEHR(status)
//	uid, err := store.Commit(ehr, composition)
//	http.Serve(listener, store) // POST /v1/query/aql and the resources of openEHR's REST API that the tests need
package ehrstore
