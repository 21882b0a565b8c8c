// Package denial proves that what somebody's life may depend on is not withheld: situations in which a wrong denial harms, each
// asked of the whole product over HTTP. Caldicott's seventh principle puts the duty to share beside the duty to protect. It has
// tests only.
package denial
