// Package tasklog is the log of one task: lines of JSON that are appended through slog and read while they are written.
//
// # Lines
//
// A log is a file of lines, each of which ends with a newline (0x0A) and is a JSON object in UTF-8. Its members stand in
// this order:
//
//	"time"   RFC 3339 in UTC with six digits of fraction; missing if the record had none
//	"level"  as slog writes it: "DEBUG", "INFO", "WARN", "ERROR", or with an offset such as "INFO+2"
//	"stage"  name of the stage that was going on; missing if there was none
//	"msg"    the message
//	…        the attributes; a group is an object. Keys may repeat, also those above
//
// A time among the attributes is RFC 3339 with up to nine digits of fraction, a duration is a string such as "1.5s", an
// error is its text, and all else is what encoding/json makes of it.
//
// A line is no longer than 64 KiB. Each key and string takes up 16 KiB at most; one that was cut says so at its end: "…
// (1,032,192 bytes left out)". What encoding/json makes longer than that becomes a string, cut in the same way. A line
// that is still too long has one attribute, "left_out", instead of its own.
//
// A process that is killed may leave a torn line, without its newline. Whoever goes on with a log therefore begins with
// a newline; empty lines mean nothing. Readers do not give up at a line that is damaged, but show it as such.
package tasklog
