package schedule

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const systemdIterations = 5

// systemdAnswer is what systemd-analyze says about one expression.
type systemdAnswer struct {
	accepted  bool
	canonical string
	times     []time.Time // UTC, cut to seconds
	never     bool        // there are no more times
	gaveUp    bool        // the search took too long, and never is not to be believed
}

// askSystemd runs systemd-analyze once. It prints a block for each expression that it accepts, and one line on
// standard error for each that it does not.
func askSystemd(t *testing.T, questions []question, zone *time.Location, base time.Time) []systemdAnswer {
	t.Helper()
	args := []string{
		"calendar", fmt.Sprintf("--iterations=%d", systemdIterations), fmt.Sprintf("--base-time=@%d", base.Unix()),
	}
	for _, q := range questions {
		args = append(args, q.forSystemd())
	}
	cmd := exec.Command("systemd-analyze", args...)
	cmd.Env = append(os.Environ(), "TZ=:"+zone.String(), "LC_ALL=C")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	_ = cmd.Run() // its status only says that something was refused

	refused, gaveUp := readSystemdErrors(t, stderr.String())
	blocks := strings.Split(stdout.String(), "Normalized form: ")[1:]
	answers := make([]systemdAnswer, len(questions))
	for i, q := range questions {
		if refused[q.forSystemd()] {
			continue
		}
		if gaveUp[q.forSystemd()] { // no block for this one either
			answers[i] = systemdAnswer{accepted: true, gaveUp: true}
			continue
		}
		require.NotEmpty(t, blocks, "too few answers from systemd-analyze, at %q: %s", q.forSystemd(), stderr.String())
		answers[i] = readSystemdBlock(t, blocks[0], zone)
		blocks = blocks[1:]
	}
	require.Empty(t, blocks, "too many answers from systemd-analyze")
	return answers
}

// readSystemdErrors returns the expressions that were refused, and those for which the search was given up.
func readSystemdErrors(t *testing.T, stderr string) (refused, gaveUp map[string]bool) {
	refused, gaveUp = map[string]bool{}, map[string]bool{}
	for line := range strings.Lines(stderr) {
		if strings.HasPrefix(line, "Hint: ") || strings.HasPrefix(line, "Infinite loop in calendar calculation: ") {
			continue // the line that names the expression is another one
		}
		if quoted, found := strings.CutPrefix(line, "Failed to determine next elapse for '"); found {
			gaveUp[quoted[:strings.LastIndex(quoted, "'")]] = true
			continue
		}
		quoted, isRefusal := strings.CutPrefix(line, "Failed to parse calendar specification '")
		require.True(t, isRefusal, line)
		refused[quoted[:strings.LastIndex(quoted, "'")]] = true
	}
	return refused, gaveUp
}

// readSystemdBlock reads one answer. Each time comes in the local zone first and then, unless that is UTC, in UTC.
func readSystemdBlock(t *testing.T, block string, zone *time.Location) systemdAnswer {
	canonical, rest, _ := strings.Cut(block, "\n")
	answer := systemdAnswer{accepted: true, canonical: canonical}
	for line := range strings.Lines(rest) {
		label, value, _ := strings.Cut(line, ": ")
		label = strings.TrimSpace(label)
		isTime := label == "(in UTC)" || zone == time.UTC && (label == "Next elapse" || strings.HasPrefix(label, "Iter. #"))
		if !isTime || strings.TrimSpace(value) == "never" {
			continue
		}
		at, err := time.Parse("Mon 2006-01-02 15:04:05 MST", strings.TrimSpace(value))
		require.NoError(t, err)
		answer.times = append(answer.times, at.UTC())
	}
	answer.never = len(answer.times) < systemdIterations
	return answer
}
