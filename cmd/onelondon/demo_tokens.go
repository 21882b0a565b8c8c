package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"onelondon/internal/auth"
)

// issue signs the demo's tokens with its stored key, unless the existing ones are valid for another day.
func (f *folder) issue() error {
	if f.readTokens() == nil {
		return f.writeEach()
	}
	issuer, err := f.issuer()
	if err != nil {
		return err
	}
	public, err := issuer.Keys()
	if err != nil {
		return fmt.Errorf("make the demo's keys: %w", err)
	}
	tokens := map[string]string{}
	for name, who := range f.callers {
		if who.token, err = issuer.Sign(who.Person, time.Now(), validity); err != nil {
			return fmt.Errorf("sign a token: %w", err)
		}
		tokens[name] = who.token
	}
	text, err := json.MarshalIndent(tokens, "", "  ")
	if err != nil {
		return fmt.Errorf("write tokens: %w", err)
	}
	if err := os.WriteFile(f.path(keysFile), public, 0o600); err != nil {
		return fmt.Errorf("write keys: %w", err)
	}
	if err := os.WriteFile(f.path(tokensFile), append(text, '\n'), 0o600); err != nil {
		return fmt.Errorf("write tokens: %w", err)
	}
	return f.writeEach()
}

// writeEach writes each token into a file of its own as well, as shells and --token-file like them.
func (f *folder) writeEach() error {
	if err := os.MkdirAll(f.path(tokensFolder), 0o700); err != nil {
		return fmt.Errorf("write tokens: %w", err)
	}
	for name, who := range f.callers {
		if err := os.WriteFile(filepath.Join(f.path(tokensFolder), name), []byte(who.token+"\n"), 0o600); err != nil {
			return fmt.Errorf("write tokens: %w", err)
		}
	}
	return nil
}

// readTokens reads the existing tokens, if all are present and none is about to expire.
func (f *folder) readTokens() error {
	info, err := os.Stat(f.path(tokensFile))
	if err != nil {
		return err
	}
	if time.Since(info.ModTime()) > validity-renewal {
		return errors.New("tokens are about to end")
	}
	text, err := os.ReadFile(f.path(tokensFile))
	if err != nil {
		return err
	}
	tokens := map[string]string{}
	if err := json.Unmarshal(text, &tokens); err != nil {
		return err
	}
	for name, who := range f.callers {
		if who.token = tokens[name]; who.token == "" {
			return errors.New("a token is missing")
		}
	}
	return nil
}

// issuer reads the demo's signing key, or makes and stores one.
func (f *folder) issuer() (*auth.Issuer, error) {
	if kept, err := os.ReadFile(f.path(issuerFile)); err == nil {
		return auth.ReadIssuer(issuerName, audience, kept)
	}
	issuer, err := auth.NewIssuer(issuerName, audience)
	if err != nil {
		return nil, fmt.Errorf("make an issuer: %w", err)
	}
	key, err := issuer.Key()
	if err != nil {
		return nil, fmt.Errorf("keep the issuer's key: %w", err)
	}
	return issuer, os.WriteFile(f.path(issuerFile), key, 0o600)
}
