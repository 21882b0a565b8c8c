package web

// Credentials authenticate a source to its server: a bearer token issued by somebody else, a user and a password, or
// what is needed to obtain a token from an authorisation server by OAuth 2.0 client credentials (RFC 6749, section
// 4.4). With the zero value there is no authentication. They contain secrets and mask themselves.
type Credentials struct {
	Token string // a fixed bearer token

	User, Password string

	TokenURL string
	ClientID string
	Secret   string
	Scope    string

	// KeyFile is the path of a private key that signs a JWT instead of a secret (RFC 7523: private_key_jwt), as NHS
	// England's interfaces require: PEM, or a JSON Web Key with its id. It is read for each token, so that a key can be
	// changed by replacing the file.
	KeyFile string
	// KeyID is the id under which the server knows the key, if the file does not contain one.
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
