// Package presenter turns every error into what a caller may see: one code of the closed set of package refusal, a message
// that quotes neither an argument nor a record, where in the document or the answer it belongs, and the request id.
//
// Whatever is not known here is INTERNAL, and is logged once with the request id under which the caller can ask about it.
//
//	present := presenter.New(presenter.Options{Log: log})
//	server.SetErrorPresenter(present.Present)
//	server.SetRecoverFunc(present.Recover)
package presenter
