// Package killed proves that what was acknowledged is there, whatever is killed when: the real server, over a demo's folder, is
// ended by SIGKILL while 200 people write preferences and read records at once, again and again. It has tests only.
package killed
