package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"time"

	"github.com/spf13/cobra"

	"onelondon/examples/london/mappings"
	"onelondon/internal/config"
)

// demo holds the flags of the demo.
type demo struct {
	folder    string // empty for a temporary one
	temporary bool
	once      bool
	listen    string
	people    int
	out       io.Writer
}

func demoCommand() *cobra.Command {
	var d demo
	command := &cobra.Command{
		Use:   "demo",
		Short: "Build a made-up London, and ask it one question as two people",
		Long: `Build a made-up London: seven databases of six kinds of record system, each in its own tables, with some 2,000
people whose histories lie in several of them, and urgent care plans as an openEHR and a FHIR server export them. Then serve it
on loopback, ask one question as a GP and as a receptionist, and print the two answers side by side and why they differ. Then the
person closes a part of her record to a doctor, an emergency opens it, and she sees who looked; care plans contradict each other
at a bedside; and an analyst counts people whose records lie in several of the databases. It goes on serving until Ctrl-C.

Nobody in it exists: the organisations are real, the people and their records are not.`,
		Example: `  onelondon demo                        in a temporary folder, gone at the end
  onelondon demo --data /tmp/london     kept there: databases, onelondon.yaml, tokens/, cohort.yaml
  onelondon serve --config /tmp/london/onelondon.yaml
  sqlite3 /tmp/london/barts-millennium.sqlite .tables
  onelondon demo --once                 print what was asked and answered, and leave`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if d.once && !cmd.Flags().Changed("listen") {
				d.listen = "127.0.0.1:0"
			}
			if d.people < 0 || cmd.Flags().Changed("people") && d.people < 1 {
				return errors.New("--people must be above zero")
			}
			d.out = cmd.OutOrStdout()
			return d.run(cmd.Context())
		},
	}
	command.Flags().StringVar(&d.folder, "data", "", "keep databases, configuration and tokens in this folder, and use them again")
	command.Flags().BoolVar(&d.once, "once", false, "print what was asked and answered, and leave")
	command.Flags().StringVar(&d.listen, "listen", "127.0.0.1:8080", "loopback address to serve on")
	command.Flags().IntVar(&d.people, "people", 0, "how many people to make (default 2000)")
	return command
}

func (d *demo) run(ctx context.Context) (err error) {
	host, _, err := net.SplitHostPort(d.listen)
	if address := net.ParseIP(host); err != nil || host != "localhost" && (address == nil || !address.IsLoopback()) {
		return fmt.Errorf("--listen %s: the demo gives its tokens to whoever asks, so it serves on a loopback address alone", d.listen)
	}
	if d.folder == "" {
		d.temporary = true
		if d.folder, err = os.MkdirTemp("", "onelondon-demo-"); err != nil {
			return fmt.Errorf("make a folder for the demo: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(d.folder)) }()
	}
	built, err := d.prepare(ctx)
	if err != nil {
		return err
	}
	loaded, err := config.Load(built.path(configFile), mappings.Files)
	if err != nil {
		return err
	}
	loaded.Listen = d.listen
	return d.serve(ctx, built, loaded)
}

// serve starts the site in the background, asks the demo's questions over HTTP like any client, and keeps serving.
func (d *demo) serve(ctx context.Context, built *folder, loaded *config.Config) error {
	offered, err := built.offered()
	if err != nil {
		return err
	}
	tuneMemory()
	// A verbose log would interfere with the demo's output; errors are still logged.
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	s, err := wire(ctx, loaded, log, offered)
	if err != nil {
		return err
	}
	listener, err := listen(ctx, loaded)
	if err != nil {
		return errors.Join(err, s.close(), errors.New("choose another address with --listen 127.0.0.1:PORT"))
	}
	serving, leave := context.WithCancel(ctx)
	defer leave()
	ended := make(chan error, 1)
	go func() { ended <- s.serve(serving, listener, nil) }()
	url := "http://" + listener.Addr().String()
	asked := d.show(ctx, built, url)
	if asked != nil || d.once {
		leave()
		asked = errors.Join(asked, <-ended)
		if asked == nil && !d.temporary {
			d.leaveBehind(built)
		}
		return asked
	}
	d.invite(built, url)
	return <-ended
}

// show waits until the server is ready, asks as two people and prints the answers.
func (d *demo) show(ctx context.Context, built *folder, url string) error {
	if err := awaitReady(ctx, url); err != nil {
		return err
	}
	var answers [2]answer
	for i, name := range []string{"gp", "receptionist"} {
		who := built.callers[name]
		var err error
		if answers[i], err = ask(ctx, url, who, built.heroine.NHSNumber.Reveal()); err != nil {
			return fmt.Errorf("ask as %s: %w", who.Title, err)
		}
	}
	if _, err := io.WriteString(d.out, sideBySide(built.heroine.Name, answers[0], answers[1])); err != nil {
		return err
	}
	if err := d.choose(ctx, built, url); err != nil {
		return err
	}
	if err := d.attend(ctx, built, url); err != nil {
		return err
	}
	return d.count(ctx, built, url)
}

func (d *demo) invite(built *folder, url string) {
	fmt.Fprintf(d.out, `
Ask for yourself:
  %s/   GraphiQL; choose who asks at the top
  %s   a token for each of them, for curl and other programs
  %s   the question about many people; onelondon cohort run takes it
  %s   what is served; onelondon serve --config takes it
Ctrl-C ends it%s.
`, url, built.path(tokensFolder), built.path(cohortFile), built.path(configFile), d.whatGoes())
}

// whatGoes says that a temporary folder ends with the demo.
func (d *demo) whatGoes() string {
	if d.temporary {
		return ", and removes the folder; onelondon demo --data DIR keeps one"
	}
	return ""
}

// leaveBehind says what a demo that leaves has kept.
func (d *demo) leaveBehind(built *folder) {
	fmt.Fprintf(d.out, "\nKept in %s. Serve it with\n  onelondon serve --config %s\n", built.dir, built.path(configFile))
}

// offered is what the console offers: identities and a sample question.
func (f *folder) offered() ([]byte, error) {
	type caller struct {
		Name    string `json:"name"`
		Title   string `json:"title"`
		Token   string `json:"token"`
		Purpose string `json:"purpose"`
	}
	var callers []caller
	for _, name := range callerNames() {
		who := f.callers[name]
		callers = append(callers, caller{name, who.Title, who.token, who.Purpose})
	}
	return json.Marshal(map[string]any{"callers": callers, "query": chart, "variables": map[string]string{
		"nhsNumber": f.heroine.NHSNumber.Reveal()}})
}

// validity is the lifetime of the demo's tokens, and renewal is when they are replaced.
const (
	validity = 30 * 24 * time.Hour
	renewal  = 24 * time.Hour
)
