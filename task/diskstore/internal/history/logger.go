package history

import (
	"fmt"
	"log/slog"
	"strings"

	"github.com/dgraph-io/badger/v4"
)

// bridge hands badger's log lines on. Its "info" is of no interest to anybody but the authors of badger.
type bridge struct{ to *slog.Logger }

func logger(to *slog.Logger) badger.Logger {
	if to == nil {
		return nil // silent
	}
	return bridge{to}
}

func (b bridge) Errorf(format string, args ...any)   { b.to.Error("task history", text(format, args)) }
func (b bridge) Warningf(format string, args ...any) { b.to.Warn("task history", text(format, args)) }
func (b bridge) Infof(format string, args ...any)    { b.to.Debug("task history", text(format, args)) }
func (b bridge) Debugf(string, ...any)               {}

func text(format string, args []any) slog.Attr {
	return slog.String("badger", strings.TrimSpace(fmt.Sprintf(format, args...)))
}
