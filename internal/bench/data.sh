#!/usr/bin/env bash
# Makes the data sets that compare.sh and collect.sh measure with.
#
#   data.sh FOLDER [SET...]        default: src vm rand
#
#   src   small files: Go's own tree, the module cache without its archives, headers, the documentation of packages
#   vm    an ext4 image filled to about 70 % with the system's libraries and what src is made of, and vm2, the same with 1 %
#         of its blocks changed, see mutate (mke2fs: Debian's e2fsprogs)
#   rand  a file that does not compress
#
# Sizes in MiB. A set that is there is used as it is, unless another size is asked for:
#
#   HEIRLOOM_BENCH_SRC    all there is. Less takes an even share of every folder; more adds copies that differ from the
#                         original in every file, see gather
#   HEIRLOOM_BENCH_VM     4096
#   HEIRLOOM_BENCH_RAND   1024
#   HEIRLOOM_BENCH_FROM   folders, with colons between them, to take src and the image's files from instead
#
# SET.stamp holds the size that was asked for, and what came of it. A set without a stamp is made anew.
set -euo pipefail
dir=$(realpath -m "${1:?usage: data.sh FOLDER [SET...]}")
shift
[ $# -gt 0 ] || set -- src vm rand
here=$(cd "$(dirname "$0")" && pwd)
PATH=$PATH:/usr/sbin:/sbin

# stands SET SIZE: it is there and of that size, or of any if none is asked for
stands() {
	[ -e "$dir/$1" ] && [ -e "$dir/$1.stamp" ] && [[ -z $2 || $(cut -f 1 "$dir/$1.stamp") = "$2" ]]
}

# settle SET SIZE WORDS puts a complete set in its place.
settle() {
	rm -rf "${dir:?}/$1" "$dir/$1.stamp"
	mv "$dir/$1.new" "$dir/$1"
	printf '%s\t%s\n' "${2:-default}" "$3" >"$dir/$1.stamp"
	echo "made $1: $3" >&2
}

# gather MIB DEST FROM... prints how much it was.
gather() { (cd "$here" && go run ./gather -mib "$1" -without "$(go env GOMODCACHE)/cache/download" "${@:2}"); }

# sources [FOLDER...] sets the array `from` to the folders of small files, and these; or to those that are asked for.
sources() {
	if [ -n "${HEIRLOOM_BENCH_FROM-}" ]; then
		IFS=: read -ra from <<<"$HEIRLOOM_BENCH_FROM"
	else
		from=("$@" "$(go env GOROOT)" "$(go env GOMODCACHE)" /usr/include /usr/share/doc)
	fi
}

make_src() {
	local size=${HEIRLOOM_BENCH_SRC-} from said
	stands src "$size" && return
	sources
	said=$(gather "${size:-0}" "$dir/src.new" "${from[@]}")
	settle src "$size" "$said"
}

# make_vm fills 64 %: the rounding up to blocks and what the file system itself needs take some 7 % more.
make_vm() {
	local size=${HEIRLOOM_BENCH_VM-} mib from zeros
	stands vm "$size" && return
	rm -f "$dir/vm.stamp" # vm and vm2 belong together
	mib=${size:-4096}
	sources /usr/lib
	gather $((mib * 64 / 100)) "$dir/vm.files" "${from[@]}" >/dev/null
	rm -f "$dir/vm.new"
	truncate -s "${mib}M" "$dir/vm.new"
	mke2fs -q -t ext4 -d "$dir/vm.files" "$dir/vm.new"
	rm -rf "$dir/vm.files"
	make_vm2
	zeros=$(zero_percent "$dir/vm.new")
	touch -d 2026-01-01 "$dir/vm.new"
	touch -d 2026-01-02 "$dir/vm2" # programs take what has the same size and time for unchanged
	settle vm "$size" "$mib MiB, $zeros % of it zeros; 1 % of its blocks changed"
}

make_vm2() {
	cp --sparse=always "$dir/vm.new" "$dir/vm2"
	(cd "$here" && go run ./mutate "$dir/vm2" 1)
}

# zero_percent FILE digs holes where zeros are, and counts them.
zero_percent() {
	fallocate --dig-holes "$1"
	stat -c '%s %b %B' "$1" | awk '{ printf "%.0f\n", 100 - 100 * $2 * $3 / $1 }'
}

make_rand() {
	local size=${HEIRLOOM_BENCH_RAND-}
	stands rand "$size" && return
	head -c "${size:-1024}M" /dev/urandom >"$dir/rand.new"
	settle rand "$size" "${size:-1024} MiB of random bytes"
}

mkdir -p "$dir"
for set in "$@"; do "make_$set"; done
