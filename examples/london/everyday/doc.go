// Package everyday holds tests of what the four who use the product do on an ordinary day, over HTTP and through everything
// that is behind it: a citizen chooses and sees who looked, a clinician breaks the glass, a privacy officer reviews it,
// governance reads the rules, and a receptionist may do none of it. It is no part of the product.
package everyday
