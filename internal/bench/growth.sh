#!/usr/bin/env bash
# Measures how time and memory grow with the data: heirloom with 1, 4 and 16 times the small files and the image, and prints a
# table of what each operation takes for a GiB, and for a file.
#
#   growth.sh [OPTION...] [DATA-FOLDER]        default: /tmp/heirloom-bench
#
#   --src MIB          the small files' size at 1, by default 256
#   --vm MIB           the image's, by default 512
#   --times N,...      1,4,16 by default
#   --pairs N          repetitions, 1 by default
#   --heirloom BINARY  the program; built from this source if not given
#   --keep             leaves the data for the next run; it is removed otherwise, each size's before the next one's is made
#   --warm             leaves the page cache alone
#   --publish          into docs/performance.md
#
# 16 times the defaults needs about 30 GiB in DATA-FOLDER. The raw figures stay in DATA-FOLDER/growth.
set -euo pipefail
bench=/tmp/heirloom-bench src=256 vm=512 times=(1 4 16) keep=false pass=(--pairs 1) page=()
here=$(cd "$(dirname "$0")" && pwd)

usage() {
	sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0" >&2
	exit 2
}

while [ $# -gt 0 ]; do
	case $1 in
	--src) src=${2:?} && shift ;;
	--vm) vm=${2:?} && shift ;;
	--times) IFS=, read -ra times <<<"${2:?}" && shift ;;
	--pairs) pass+=(--pairs "${2:?}") && shift ;;
	--heirloom) pass+=(--heirloom "${2:?}") && shift ;;
	--keep) keep=true ;;
	--warm) pass+=(--warm) ;;
	--publish) page=(-page "$here/../../docs/performance.md") ;;
	-*) usage ;;
	*) bench=$1 ;;
	esac
	shift
done
growth=$(realpath -m "$bench")/growth

# make_src TIMES makes the small files of one sample and copies of it, so that every size is of the same kind.
make_src() {
	local from
	HEIRLOOM_BENCH_SRC=$src "$here/data.sh" "$growth/sample" src
	from=$(printf ':%s' "$growth/sample/src"/*)
	HEIRLOOM_BENCH_SRC=$((src * $1)) HEIRLOOM_BENCH_FROM=${from#:} "$here/data.sh" "$growth/data$1" src
}

# measure TIMES leaves figures.csv and facts.tsv in a folder of this name.
measure() {
	local data=$growth/data$1
	make_src "$1"
	HEIRLOOM_BENCH_SRC=$((src * $1)) HEIRLOOM_BENCH_VM=$((vm * $1)) "$here/compare.sh" --without restic,borg \
		--sets src,vm --ops first,unchanged,restore,verify "${pass[@]}" "$data" >/dev/null
	mkdir -p "$growth/$1"
	cp "$data/work/figures.csv" "$data/work/facts.tsv" "$growth/$1/"
	$keep || rm -rf "$data"
}

folders=
for n in "${times[@]}"; do
	echo "$n times the data" >&2
	measure "$n"
	folders+=,$growth/$n
done
$keep || rm -rf "$growth/sample"
cd "$here"
go run ./report -growth "${folders#,}" "${page[@]}"
