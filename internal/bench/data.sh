#!/bin/sh
# Makes the data sets that compare.sh and collect.sh measure with, in a folder given as argument, once.
#
#   src   small files: Go's own tree, the module cache, headers, shared data of this machine
#   src1  the same with 1 % of the files changed
#   vm    a 4 GiB ext4 image filled to about 70 %, made by mke2fs (Debian: e2fsprogs)
#   vm2   the same with 1 % of its blocks changed, see mutate
#   rand  1 GiB that does not compress
#
# HEIRLOOM_BENCH_VM and HEIRLOOM_BENCH_RAND set the sizes, in MiB.
set -eu
dir=${1:?usage: data.sh FOLDER}
vm=${HEIRLOOM_BENCH_VM:-4096}
rand=${HEIRLOOM_BENCH_RAND:-1024}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$dir"

if [ ! -e "$dir/src" ]; then
	mkdir "$dir/src.new"
	for from in "$(go env GOROOT)" "$(go env GOMODCACHE)" /usr/include /usr/share; do
		cp -a "$from" "$dir/src.new/" || true # what changes meanwhile is no loss
	done
	mv "$dir/src.new" "$dir/src"
fi

if [ ! -e "$dir/src1" ]; then
	cp -a "$dir/src" "$dir/src1.new"
	find "$dir/src1.new" -type f -size +0 | sort | awk 'NR % 100 == 0' | while read -r file; do
		chmod u+w "$file" && echo "changed" >>"$file"
	done
	mv "$dir/src1.new" "$dir/src1"
fi

if [ ! -e "$dir/vm" ]; then
	mkdir -p "$dir/vmroot"
	left=$((vm * 68 / 100))
	for from in "$dir/src" /usr/lib/*; do
		size=$(du -sm "$from" | cut -f1)
		if [ "$size" -lt "$left" ]; then
			cp -a "$from" "$dir/vmroot/"
			left=$((left - size))
		fi
	done
	truncate -s "${vm}M" "$dir/vm.new"
	mke2fs -q -t ext4 -d "$dir/vmroot" "$dir/vm.new"
	rm -rf "$dir/vmroot"
	mv "$dir/vm.new" "$dir/vm"
fi

if [ ! -e "$dir/vm2" ]; then
	cp --sparse=always "$dir/vm" "$dir/vm2.new"
	(cd "$here" && go run ./mutate "$dir/vm2.new" 1)
	mv "$dir/vm2.new" "$dir/vm2"
fi

[ -e "$dir/rand" ] || head -c "${rand}M" /dev/urandom >"$dir/rand"
