// Queues compares package task on a disk with another embedded queue.
package main
