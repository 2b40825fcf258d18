// Package direct switches open files between the page cache of Linux and direct reads and writes.
package direct
