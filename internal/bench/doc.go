// Package bench holds no code but its test. Beside it lie the scripts that measure heirloom as a whole, and compare it with
// other programs:
//
//	compare.sh    backups, restores and checks beside peers; it writes the tables and the chart of docs/performance.md
//	growth.sh     how time and memory grow with the data
//	collect.sh    removal and collection beside peers
//	data.sh       makes the data sets of all of them
//	queues        a module of its own: tasks beside another durable queue
//
// What they share is in measure.sh, peers.sh with peers/, source.sh, states.sh, operations.sh, facts.sh and figures.sh.
// gather and mutate make and change data, report makes tables of figures, splitters compares ways to cut.
package bench
