package testkit

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Authority issues certificates, as an organisation's own certification authority does.
type Authority struct {
	t           testing.TB
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// NewAuthority makes an authority with a fresh key.
func NewAuthority(t testing.TB) *Authority {
	t.Helper()
	a := &Authority{t: t, key: freshKey(t)}
	template := certificate("authority", time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
	template.IsCA, template.BasicConstraintsValid, template.KeyUsage = true, true, x509.KeyUsageCertSign
	raw, err := x509.CreateCertificate(rand.Reader, template, template, &a.key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	if a.certificate, err = x509.ParseCertificate(raw); err != nil {
		t.Fatal(err)
	}
	return a
}

// Pool holds the authority's own certificate.
func (a *Authority) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	return pool
}

// Issue makes a certificate for a server or client on this machine that holds for an hour.
func (a *Authority) Issue(name string) tls.Certificate {
	return a.IssueFor(name, time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
}

// IssueFor makes a certificate that holds between two times.
func (a *Authority) IssueFor(name string, from, until time.Time) tls.Certificate {
	a.t.Helper()
	key := freshKey(a.t)
	template := certificate(name, from, until)
	template.IPAddresses, template.DNSNames = []net.IP{net.IPv4(127, 0, 0, 1)}, []string{"localhost"}
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	raw, err := x509.CreateCertificate(rand.Reader, template, a.certificate, &key.PublicKey, a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(raw)
	if err != nil {
		a.t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key, Leaf: leaf}
}

func freshKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func certificate(name string, from, until time.Time) *x509.Certificate {
	serial, _ := rand.Int(rand.Reader, big.NewInt(1<<62))
	return &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{CommonName: name}, NotBefore: from, NotAfter: until}
}

// Write writes the authority's own certificate, and one that it issues with its key, as PEM files into a folder.
func (a *Authority) Write(folder string, issued tls.Certificate) (certificate, key, authority string) {
	a.t.Helper()
	private, err := x509.MarshalPKCS8PrivateKey(issued.PrivateKey)
	if err != nil {
		a.t.Fatal(err)
	}
	for _, file := range []struct {
		path *string
		name string
		kind string
		raw  []byte
	}{{&certificate, "peer.pem", "CERTIFICATE", issued.Certificate[0]}, {&key, "peer.key", "PRIVATE KEY", private},
		{&authority, "authority.pem", "CERTIFICATE", a.certificate.Raw}} {
		*file.path = filepath.Join(folder, file.name)
		if err := os.WriteFile(*file.path, pem.EncodeToMemory(&pem.Block{Type: file.kind, Bytes: file.raw}), 0o600); err != nil {
			a.t.Fatal(err)
		}
	}
	return certificate, key, authority
}
