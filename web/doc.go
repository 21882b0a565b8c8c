// Package web carries the console: GraphiQL with all it needs, so that it works without a network. The files under dist are
// made by `npm ci && npm run build` in build/ and are kept compressed, as they are served; their licences are in LICENCES.
//
//	router.Mount("/", web.Handler(web.Options{}))
//
// The console holds no data. It asks the server's own GraphQL endpoint with whatever token is pasted into it, and keeps
// nothing in the browser: questions name people.
//
// Beside it stands the public register of what was asked about many people, which the server renders and anybody may read:
//
//	router.Mount("/", web.Studies(list))
package web
