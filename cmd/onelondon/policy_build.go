package main

import (
	"crypto"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"onelondon/policy"
	"onelondon/policy/check"
	"onelondon/policy/signing"
)

func policyBuildCommand() *cobra.Command {
	var out, revision, keyFile, codelists string
	build := &cobra.Command{
		Use:   "build DIR -o FILE --revision R --key KEY",
		Short: "Make a signed bundle of a policy's folder",
		Long: `Make a bundle in OPA's own format of the rules and tables in a folder, sign it, and open it as a server would. A policy that a server
would not open, or that decides one of its cases otherwise than it is written, is not built. The rest of onelondon policy check is not
run here: run it first. Tests of rules and schemas are left out of the bundle: a server uses the schemas it was built with.

A revision begins with a number, which says which of two bundles is newer; words may follow: 17, 17-hiv-list, 20261126-1.

Stock OPA makes the same in two steps:

  opa build policy/rego policy/data --ignore '*_test.rego' -o unsigned.tar.gz
  opa build --bundle unsigned.tar.gz --revision 17 --signing-alg ES256 --signing-key build.key -o london.tar.gz

Exit codes: 0 when it was built, 1 when the policy has a fault, 2 when it could not be done.`,
		Example: `  onelondon policy build ./policy -o london.tar.gz --revision 17-hiv-list --key build.key`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			key, err := privateKey(keyFile)
			if err != nil {
				return err
			}
			folder, files, err := policyFolder(args)
			if err != nil {
				return err
			}
			options := policy.Options{}
			if options.Codelists, err = codelistsIn(codelists); err != nil {
				return err
			}
			report := check.Cases(cmd.Context(), files, check.Options{Codelists: options.Codelists})
			if len(report.Findings) > 0 {
				report.Notes = nil
				if err := printChecked(cmd.OutOrStdout(), formText, folder, codelists, report); err != nil {
					return err
				}
				fmt.Fprintln(cmd.OutOrStdout(), "Nothing was built.")
				return errFindings
			}
			content, err := policy.BuildBundle(cmd.Context(), files, revision, key, options)
			if err != nil {
				return err
			}
			if err := os.WriteFile(out, content, 0o644); err != nil {
				return fmt.Errorf("write bundle: %w", err)
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: revision %s, sha256 %x\n", out, revision, sha256.Sum256(content))
			return err
		},
	}
	build.Flags().StringVarP(&out, "output", "o", "", "the file of the bundle (required)")
	build.Flags().StringVar(&revision, "revision", "", "what the bundle is called; begins with a number (required)")
	build.Flags().StringVar(&keyFile, "key", "", "PEM file of the private key that signs it (required)")
	build.Flags().StringVar(&codelists, "codelists", "", "folder of code lists to check the tables with")
	for _, name := range []string{"output", "revision", "key"} {
		_ = build.MarkFlagRequired(name)
	}
	return build
}

func privateKey(file string) (crypto.Signer, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read key: %w", err)
	}
	key, err := signing.ParsePrivate(content)
	if err != nil {
		return nil, fmt.Errorf("read key %s: %w", file, err)
	}
	return key, nil
}

func policyKeysCommand() *cobra.Command {
	var name, algorithm string
	keys := &cobra.Command{
		Use:   "keys --out NAME",
		Short: "Make a key pair, to sign bundles or to approve them",
		Long: `Make a key pair in two PEM files: NAME.key, which stays with whoever signs, and NAME.pub, which goes into the server's
configuration. A file that is there already is not touched. Each approver makes their own: whoever holds two people's keys
is two people.`,
		Example: `  onelondon policy keys --out build                     for bundles; ES256 where stock OPA must sign with it
  onelondon policy keys --out ada --algorithm ES256`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			private, err := signing.Generate(signing.Algorithm(algorithm))
			if err != nil {
				return err
			}
			fingerprint, err := writePair(name, private)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s.key, %s.pub: %s, fingerprint %s\n", name, name, algorithm, fingerprint)
			return err
		},
	}
	keys.Flags().StringVar(&name, "out", "", "name of the two files, without .key and .pub (required)")
	keys.Flags().StringVar(&algorithm, "algorithm", string(signing.EdDSA), "EdDSA or ES256")
	_ = keys.MarkFlagRequired("out")
	return keys
}

func writePair(name string, private crypto.Signer) (string, error) {
	secret, secretErr := signing.EncodePrivate(private)
	open, openErr := signing.EncodePublic(private.Public())
	fingerprint, printErr := signing.Fingerprint(private.Public())
	if err := errors.Join(secretErr, openErr, printErr); err != nil {
		return "", err
	}
	if err := writeNew(name+".key", secret, 0o600); err != nil {
		return "", err
	}
	return fingerprint, writeNew(name+".pub", open, 0o644)
}

// writeNew writes a file that must not exist yet.
func writeNew(path string, content []byte, mode os.FileMode) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("write key: %s is there already, and is left as it is; choose another name with --out", path)
	}
	if err != nil {
		return fmt.Errorf("write key: %w", err)
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Close())
}
