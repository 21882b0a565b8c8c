package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"onelondon/internal/cohort"
	"onelondon/internal/cohort/remote"
)

func cohortCommand() *cobra.Command {
	cohorts := &cobra.Command{
		Use:   "cohort",
		Short: "Ask about many people at once, and never see one",
		Long: `Ask about many people at once. A definition is a file: which events, which people, what to count of them, by what. check and words
read it here, without a server. run puts it to a server, which joins what its sources know, leaves out everybody who opted out, and
gives figures that give nobody away. save puts a definition on the project's shelf, where it can be cited before and after it is asked. list
and show tell what a project has asked and saved, register what everybody has asked.

The language is in docs/cohorts.md, running it in docs/cohorts-running.md.`,
		Example: `  onelondon cohort check diabetes-emergencies.yaml
  onelondon cohort run diabetes-emergencies.yaml --server https://onelondon.example --token-file token --project example-diabetes
  onelondon cohort register --server https://onelondon.example`,
	}
	cohorts.AddCommand(cohortCheckCommand(), cohortWordsCommand(), cohortImportCommand(), cohortRunCommand(),
		cohortSaveCommand(), cohortListCommand(), cohortShowCommand(), cohortRegisterCommand())
	return cohorts
}

// serverFlags name the server, and the identity and purpose with which to ask it.
type serverFlags struct{ server, tokenFile, purpose string }

func (f *serverFlags) add(cmd *cobra.Command) {
	needServer(cmd, &f.server)
	flags := cmd.Flags()
	flags.StringVar(&f.tokenFile, "token-file", "", "a file that holds your token and nothing else")
	flags.StringVar(&f.purpose, "purpose", "HOPERAT", "why: HOPERAT for running services, HMARKT, HRESCH and others as your project allows")
}

func needServer(cmd *cobra.Command, server *string) {
	cmd.Flags().StringVar(server, "server", "", "the server, https://... or http:// on this machine (required)")
	_ = cmd.MarkFlagRequired("server")
}

// client returns a client for the server.
func (f *serverFlags) client() (*remote.Client, error) {
	client := &remote.Client{Server: f.server, Purpose: f.purpose}
	if f.tokenFile == "" {
		return client, nil
	}
	token, err := os.ReadFile(f.tokenFile)
	if err != nil {
		return nil, fmt.Errorf("read the token: %w", err)
	}
	client.Token = strings.TrimSpace(string(token))
	if client.Token == "" || strings.ContainsAny(client.Token, " \t\r\n") {
		return nil, fmt.Errorf("read the token: %s holds something else", f.tokenFile)
	}
	return client, nil
}

// definitionIn reads a definition. Its faults are printed, one per line.
func definitionIn(cmd *cobra.Command, name string) (*cohort.Definition, error) {
	content, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	definition, err := cohort.Parse(name, content)
	if err != nil {
		fmt.Fprintln(cmd.OutOrStdout(), err)
		return nil, errFindings
	}
	return definition, nil
}

// Ends of cohort run that are neither an answer nor a failure. Their explanation has been printed.
var (
	errIncomplete = errors.New("an incomplete answer")
	errRefused    = errors.New("refused")
)
