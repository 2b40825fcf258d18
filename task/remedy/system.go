package remedy

import (
	"errors"
	"io"
	"io/fs"
	"syscall"
)

// Codes of what the operating system and the standard library say.
const (
	CodeDiskFull     Code = "disk-full"      // no space, or no quota, is left
	CodeReadOnly     Code = "read-only"      // the file system cannot be written to
	CodeDiskError    Code = "disk-error"     // a device could not read or write
	CodeNoMemory     Code = "no-memory"      // the system gives out no more memory
	CodeTooManyFiles Code = "too-many-files" // no more files may be open
	CodeBusy         Code = "busy"           // somebody else uses it
	CodeUnreachable  Code = "unreachable"    // a server, or a mounted one's files, cannot be reached
	CodePermission   Code = "permission"     // not allowed
	CodeNotExist     Code = "not-exist"      // not there
	CodeExists       Code = "exists"         // there already
	CodeUnsupported  Code = "unsupported"    // the system cannot do it
	CodeCutShort     Code = "cut-short"      // data ended before it was complete
)

// System returns a new table for what the operating system and the standard library say, and for the codes that a runner
// gives out.
//
// A name that no server has (the *net.DNSError with IsNotFound) is not in it: to recognize it, this package would have
// to bring package net into every program.
func System() Table {
	return append(runnerRows(), systemRows()...)
}

// systemRows has the narrow rows before the wide ones: each disk is full in one way, but much may pass for a timeout.
func systemRows() Table {
	return Table{
		{number(CodeDiskFull, syscall.ENOSPC, syscall.EDQUOT), CodeDiskFull, User,
			"Make room on the disk that the message names, or raise the quota; then start it again."},
		{number(CodeReadOnly, syscall.EROFS), CodeReadOnly, User,
			"Mount it writable or choose another place; a disk that became read-only by itself is to be checked."},
		{number(CodeDiskError, syscall.EIO), CodeDiskError, Damage,
			"Read the system's log and check the device, before anything on it is relied on."},
		{number(CodeNoMemory, syscall.ENOMEM), CodeNoMemory, Transient,
			"Try again when less is running; if it comes back, give the machine or the program more memory."},
		{number(CodeTooManyFiles, syscall.EMFILE, syscall.ENFILE), CodeTooManyFiles, Transient,
			"Run less at a time, or raise the limit of open files (ulimit -n)."},
		{number(CodeBusy, syscall.EBUSY, syscall.EAGAIN, syscall.ETXTBSY), CodeBusy, Transient,
			"Find out which program uses it, or wait until that is done."},
		{number(CodeUnreachable, unreachable()...), CodeUnreachable, Transient,
			"Check that the server runs and that the network, address and port are right."},
		{is(fs.ErrPermission), CodePermission, User,
			"Give the user who runs the program the right to it, or run the program as a user who has it."},
		{is(fs.ErrNotExist, syscall.ENOTDIR), CodeNotExist, User,
			"Check the name in the message, and whether what holds it is mounted."},
		{is(fs.ErrExist), CodeExists, User, "Choose another name, or move away what is there."},
		{is(errors.ErrUnsupported), CodeUnsupported, User,
			"Choose a file system or a machine that can do it, or do without it."},
		{is(io.ErrUnexpectedEOF), CodeCutShort, Transient,
			"A connection may have broken: try again; if it is cut short again, what is read is incomplete."},
		{waitedInVain, CodeUnreachable, Transient,
			"Check that the server runs and answers, and that the network is not overloaded."},
	}
}

func unreachable() []syscall.Errno {
	return []syscall.Errno{
		syscall.ECONNREFUSED, syscall.ECONNRESET, syscall.ECONNABORTED, syscall.ENOTCONN, syscall.EPIPE,
		syscall.ETIMEDOUT, syscall.EHOSTDOWN, syscall.EHOSTUNREACH, syscall.ENETDOWN, syscall.ENETUNREACH, syscall.ESTALE,
	}
}
