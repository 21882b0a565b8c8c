// Package shelf keeps the definitions that a project has saved, asked or not, so that they can be cited, read and asked by whoever
// comes later.
//
//	shelf, err := shelf.Open(ctx, shelf.Options{Path: "example-diabetes.shelf", Key: key, Log: log})
//	saved, err := shelf.Save(ctx, shelf.Saved{Definition: *definition, Digest: digest, Lists: used, By: caller.ID})
//	saved, err = shelf.Find(ctx, citation)
//
// A version is never changed and never taken away: the file is a log (internal/embedded), sealed under a key of the project's own.
// Saving the same again gives what was saved first. A digest is that of the definition with the codes of its lists, the one that an
// answer and the public register have; the lists are named with theirs, so that it can be told which has changed.
//
// It holds no figure and decides nothing: who may use it is package study's to ask.
package shelf
