package web

// Credentials are how a source proves who asks: a bearer token that somebody else issued, a user and a password, or what gets a token
// from an authorisation server by OAuth 2.0 client credentials (RFC 6749, section 4.4). The zero value proves nothing. They hold secrets
// and mask themselves.
type Credentials struct {
	Token string // a bearer token as it is

	User, Password string

	TokenURL string
	ClientID string
	Secret   string
	Scope    string

	// KeyFile is the path of a private key that signs a JWT in the place of the secret (RFC 7523: private_key_jwt), as NHS England's interfaces
	// want: PEM, or a JSON Web Key that names its own id. It is read anew for each token, so that a key is changed by replacing the file.
	KeyFile string
	// KeyID is the id under which the server knows the key, where the file does not name one.
	KeyID string
	// Algorithm is RS512, RS384 or ES384; by default RS512 for an RSA key and ES384 for one of P-384.
	Algorithm string
}

// String masks the credentials.
func (Credentials) String() string { return "credentials (masked)" }

// GoString masks the credentials under %#v.
func (c Credentials) GoString() string { return c.String() }

// MarshalText masks the credentials: encoding a struct that holds them must not disclose them.
func (c Credentials) MarshalText() ([]byte, error) { return []byte(c.String()), nil }
