// Package yamltree reads YAML that people write, strictly: every value keeps its place in the file, and whatever is wrong is
// collected with that place, the path of keys that led to it and a way forward, so that all of it is told at once. Mappings and
// the configuration are read with it.
//
//	reader, top, ok := yamltree.Read("onelondon.yaml", data)
//	keys := reader.Object(top, "listen", "sources")
//	listen, _ := reader.Text(keys["listen"])
//	reader.Fault(keys["listen"], "%s is not an address; write host:port", yamltree.Show(listen))
//	return reader.Faults().Err()
//
// It knows nothing of what the keys mean.
package yamltree
