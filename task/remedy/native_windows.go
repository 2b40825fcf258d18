package remedy

import "syscall"

// nativeNumbers returns what Windows itself says ("System Error Codes" in its documentation). The names that package
// syscall shares with other systems are invented numbers there, which the system never returns.
func nativeNumbers(code Code) []syscall.Errno {
	return map[Code][]syscall.Errno{
		CodeDiskFull: {
			39,   // ERROR_HANDLE_DISK_FULL
			112,  // ERROR_DISK_FULL
			1295, // ERROR_DISK_QUOTA_EXCEEDED
		},
		CodeReadOnly: {
			19, // ERROR_WRITE_PROTECT
		},
		CodeDiskError: {
			23,   // ERROR_CRC
			27,   // ERROR_SECTOR_NOT_FOUND
			1117, // ERROR_IO_DEVICE
		},
		CodeNoMemory: {
			8,    // ERROR_NOT_ENOUGH_MEMORY
			14,   // ERROR_OUTOFMEMORY
			1455, // ERROR_COMMITMENT_LIMIT
		},
		CodeTooManyFiles: {
			4, // ERROR_TOO_MANY_OPEN_FILES
		},
		CodeBusy: {
			32, // ERROR_SHARING_VIOLATION
			33, // ERROR_LOCK_VIOLATION
		},
		CodeUnreachable: {
			53,    // ERROR_BAD_NETPATH
			64,    // ERROR_NETNAME_DELETED
			109,   // ERROR_BROKEN_PIPE
			121,   // ERROR_SEM_TIMEOUT
			10050, // WSAENETDOWN
			10051, // WSAENETUNREACH
			10053, // WSAECONNABORTED
			10054, // WSAECONNRESET
			10060, // WSAETIMEDOUT
			10061, // WSAECONNREFUSED
			10065, // WSAEHOSTUNREACH
		},
	}[code]
}
