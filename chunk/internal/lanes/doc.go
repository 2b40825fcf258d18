// Package lanes computes the SHA-256, or the HMAC-SHA-256 under one key, of many messages at once: each in a lane of
// its own of the CPU's vector registers, 16 lanes with AVX-512 and 8 with AVX2.
//
// One message is not faster this way: sixteen of the same length take as long as one. So the more messages are handed
// over at once, and the less they differ in length, the better. With 16 lanes, 64 chunks of the sizes that gear cutting
// makes keep them as good as full, 16 chunks a little more than half.
package lanes

//go:generate go run -C generate .
