#!/bin/sh
# Runs heirloom and restic (Debian: restic) on the same data, whole processes, alternating, with a cold page cache, both
# encrypted, and prints a table of medians: wall seconds, CPU seconds, peak memory, and the ratio of the wall times.
#
#   compare.sh [DATA-FOLDER [PAIRS]]        default: /tmp/heirloom-bench, 3 pairs
#
# As root, to drop the page cache; otherwise the table says that it was warm. Everything it writes lies in DATA-FOLDER.
set -eu
dir=${1:-/tmp/heirloom-bench}
pairs=${2:-3}
here=$(cd "$(dirname "$0")" && pwd)
work=$dir/work
export HEIRLOOM_PASSPHRASE=bench RESTIC_PASSWORD=bench
export HEIRLOOM_CACHE_DIR=$work/heirloom-cache RESTIC_CACHE_DIR=$work/restic-cache
export HEIRLOOM_STORE=$work/heirloom RESTIC_REPOSITORY=$work/restic

"$here/data.sh" "$dir"
mkdir -p "$work"
(cd "$here/../.." && go build -o "$work/heirloom-bin" ./cmd/heirloom)
times=$work/times
: >"$times"

cold() {
	sync
	{ echo 3 >/proc/sys/vm/drop_caches; } 2>/dev/null || warm=yes
}

# timed OPERATION PROGRAM COMMAND...: one run, noted in $times
timed() {
	operation=$1 program=$2
	shift 2
	cold
	/usr/bin/time -o "$work/time" -f "%e %U %S %M" "$@" >/dev/null 2>"$work/err" || { cat "$work/err" >&2; exit 1; }
	echo "$operation|$program|$(tail -n 1 "$work/time")" >>"$times"
}

size() { du -sm "$1" | cut -f1; }

reset() {
	rm -rf "$HEIRLOOM_STORE" "$HEIRLOOM_CACHE_DIR" "$RESTIC_REPOSITORY" "$RESTIC_CACHE_DIR" "$work/out" "$work/current"
	"$work/heirloom-bin" init --encrypt --quiet
	restic -q init
}

# both OPERATION HEIRLOOM-ARGUMENTS -- RESTIC-ARGUMENTS
both() {
	name=$1
	shift
	ours= theirs= side=ours
	for word in "$@"; do
		if [ "$word" = -- ]; then side=theirs; elif [ $side = ours ]; then ours="$ours $word"; else theirs="$theirs $word"; fi
	done
	rm -rf "$work/out"
	timed "$name" heirloom "$work/heirloom-bin" --quiet $ours # no argument has a space
	rm -rf "$work/out"
	timed "$name" restic restic -q $theirs
}

# series SET CHANGED ADDRESS: all operations on one set; "current" is what stands where the source stood
series() {
	set=$1 changed=$2 kind=$3
	reset
	ln -s "$dir/$set" "$work/current"
	real=$(readlink -f "$work/current")
	both "$set first backup" backup --name x "$real" -- backup "$real"
	echo "$set repository MiB|heirloom|$(size "$HEIRLOOM_STORE") 0 0 0" >>"$times"
	echo "$set repository MiB|restic|$(size "$RESTIC_REPOSITORY") 0 0 0" >>"$times"
	both "$set nothing changed" backup --name x "$real" -- backup "$real"
	both "$set restore" restore "$kind/x/latest" "$work/out" -- restore latest --target "$work/out"
	both "$set verify" verify -- check --read-data
	if [ -n "$changed" ]; then
		both "$set 1 % changed" backup --name x "$dir/$changed" -- backup "$dir/$changed"
		echo "$set growth, total MiB|heirloom|$(size "$HEIRLOOM_STORE") 0 0 0" >>"$times"
		echo "$set growth, total MiB|restic|$(size "$RESTIC_REPOSITORY") 0 0 0" >>"$times"
	fi
	reset
}

warm=no
for _ in $(seq "$pairs"); do
	series src src1 dataset
	series vm vm2 image
	series rand '' image
done

echo
echo "$(date -u +%F), $(nproc) CPUs ($(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2 | xargs)), $(restic version | cut -d' ' -f1,2), $pairs pairs, warm cache: $warm"
echo
echo "| operation | heirloom s | restic s | ratio (min–max) | CPU s | peak MiB |"
echo "|---|---|---|---|---|---|"
awk -F'[| ]' '
function median(list, n,    i, j, t) {
	for (i = 2; i <= n; i++) for (j = i; j > 1 && list[j] < list[j-1]; j--) { t = list[j]; list[j] = list[j-1]; list[j-1] = t }
	return n % 2 ? list[(n+1)/2] : (list[n/2] + list[n/2+1]) / 2
}
{
	split($0, part, "|"); split(part[3], v, " ")
	op = part[1]; who = part[2]
	if (!(op in seen)) { seen[op] = 1; order[++ops] = op }
	n = ++count[op, who]; wall[op, who, n] = v[1]; cpu[op, who, n] = v[2] + v[3]
	if (v[4] > peak[op, who]) peak[op, who] = v[4]
}
function pick(table, op, who,    i, list) {
	for (i = 1; i <= count[op, who]; i++) list[i] = table[op, who, i] + 0
	return median(list, count[op, who])
}
END {
	for (k = 1; k <= ops; k++) {
		op = order[k]; low = 1e9; high = 0
		for (i = 1; i <= count[op, "heirloom"]; i++) {
			r = wall[op, "heirloom", i] / wall[op, "restic", i]
			ratio[i] = r; if (r < low) low = r; if (r > high) high = r
		}
		printf "| %s | %.1f | %.1f | %.2f (%.2f–%.2f) | %.1f / %.1f | %d / %d |\n", op, pick(wall, op, "heirloom"), pick(wall, op, "restic"),
			median(ratio, count[op, "heirloom"]), low, high, pick(cpu, op, "heirloom"), pick(cpu, op, "restic"),
			peak[op, "heirloom"] / 1024, peak[op, "restic"] / 1024
	}
}' "$times"
