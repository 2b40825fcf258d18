package tasklog_test

import (
	"bytes"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/heirloom-backup/heirloom/task/tasklog"
)

func logOne(logger *slog.Logger, i int) {
	logger.Info("stored a file", "path", "/home/ada/documents/report.odt", "bytes", 123456, "number", i)
}

func unlimited() tasklog.Options {
	return tasklog.Options{Limit: -1, Stage: func() string { return "upload" }}
}

func BenchmarkHandler(b *testing.B) {
	file, err := os.OpenFile(filepath.Join(b.TempDir(), "log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	require.NoError(b, err)
	defer func() { require.NoError(b, file.Close()) }()
	for _, c := range []struct {
		name    string
		handler slog.Handler
	}{
		{"discard", tasklog.NewHandler(io.Discard, unlimited())},
		{"file", tasklog.NewHandler(file, unlimited())},
		{"slog-json-discard", slog.NewJSONHandler(io.Discard, nil)},
	} {
		logger := slog.New(c.handler)
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				logOne(logger, i)
			}
			reportLines(b, 1)
		})
		b.Run(c.name+"-parallel", func(b *testing.B) {
			b.RunParallel(func(pb *testing.PB) {
				for i := 0; pb.Next(); i++ {
					logOne(logger, i)
				}
			})
			reportLines(b, 1)
		})
	}
}

func BenchmarkRead(b *testing.B) {
	const count = 10_000
	var log bytes.Buffer
	logger := slog.New(tasklog.NewHandler(&log, unlimited()))
	for i := range count {
		logOne(logger, i)
	}
	r := bytes.NewReader(log.Bytes())
	b.Run("lines", func(b *testing.B) {
		b.SetBytes(r.Size())
		b.ReportAllocs()
		for b.Loop() {
			require.Len(b, linesFrom(b, r, 0), count)
		}
		reportLines(b, count)
	})
	b.Run("text", func(b *testing.B) {
		b.SetBytes(r.Size())
		for b.Loop() {
			_, err := tasklog.WriteText(io.Discard, tasklog.Read(r, 0))
			require.NoError(b, err)
		}
		reportLines(b, count)
	})
}

func reportLines(b *testing.B, each int) {
	b.ReportMetric(float64(b.N)*float64(each)/b.Elapsed().Seconds(), "lines/s")
}
