package interleave

// Retry is Replay without the failure of the test.
var Retry = replay
