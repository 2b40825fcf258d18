#!/usr/bin/env bash
# Backs a real folder up, restores it, and lets other programs say whether anything differs: ./try.sh [FOLDER]
#
# Without FOLDER it takes Go's own source tree, some ten thousand files. A small folder of oddities is saved with it:
# hard links, a sparse file, extended attributes, an ACL, old times, strange names and modes. Everything happens below a
# temporary folder, which is removed in the end.
set -euo pipefail
folder=$(realpath -- "${1:-$(go env GOROOT)/src}")
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'chmod -R u+rwx "$work"; rm -rf "$work"' EXIT
export HEIRLOOM_STORE=$work/store HEIRLOOM_CACHE_DIR=$work/cache
unset HEIRLOOM_PASSPHRASE
odd=$work/oddities

say() { printf '\n$ %s\n' "$*"; }

have() { command -v "$1" >/dev/null 2>&1; }

install_tools() {
	have getfattr && have setfacl && return
	if [ "$(id -u)" = 0 ] && have apt-get; then
		{ apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -yq attr acl; } >/dev/null 2>&1 || true
	fi
	have getfattr || echo "getfattr is missing (Debian: apt-get install attr): attributes and ACLs are not compared"
	have setfacl || echo "setfacl is missing (Debian: apt-get install acl): there is no ACL among the oddities"
}

make_oddities() {
	mkdir -p "$odd/empty" "$odd/deep/er"
	echo "one file, three names" >"$odd/name"
	ln "$odd/name" "$odd/second name"
	ln "$odd/name" "$odd/deep/er/third"
	truncate -s 64M "$odd/sparse"
	printf 'data' | dd of="$odd/sparse" bs=1M seek=20 conv=notrunc status=none
	ln -s nowhere "$odd/dangling"
	echo odd >"$odd/"$'new\nline, \xff and "quotes"'
	echo old >"$odd/old" && touch -d '1969-07-20 20:17:40.123456789 UTC' "$odd/old"
	echo run >"$odd/run" && chmod 4751 "$odd/run"
	chmod 1777 "$odd/empty"
	have setfattr && setfattr -n user.comment -v kept "$odd/name" 2>/dev/null || true
	have setfacl && setfacl -m u:65534:r "$odd/old" 2>/dev/null || true
}

# run shows a command and executes it. Exit status 3 means that something was left out or, without root, that owners
# could not be set: the messages above say what.
run() {
	say "$@"
	local status=0
	"$@" || status=$?
	[ $status = 0 ] || { [ $status = 3 ] && [ "$(id -u)" != 0 ]; } || exit $status
}

# facts lists what a folder's entries are like besides their content. The size of a folder is the file system's
# business, and without root nobody can set owners.
facts() {
	cd "$1"
	local owner=''
	[ "$(id -u)" = 0 ] && owner=' %U:%G'
	find . -mindepth 1 \( -type d -printf "%p %y %m$owner %T@\0" -o -printf "%p %y %m$owner %T@ %s %l\0" \) | sort -z
	echo "hard links:"
	find . -type f -links +1 -printf '%i %p\0' | sort -zk2 | hard_links
	echo "sparse:"
	find . -type f -size +64k -printf '%s %b %p\0' | sort -zk3 | sparse
	echo "attributes, ACLs among them:"
	! have getfattr || find . -mindepth 1 -print0 | sort -z | xargs -0r getfattr -h -d -m - -e hex --
}

# hard_links says of each file that shares an inode with one before it in the list which one that is.
hard_links() {
	local line inode name
	local -A first
	while IFS= read -rd '' line; do
		inode=${line%% *} name=${line#* }
		if [ -n "${first[$inode]-}" ]; then printf '%s = %s\0' "$name" "${first[$inode]}"; else first[$inode]=$name; fi
	done
}

# sparse names the files that take clearly less room than they are long.
sparse() {
	local size blocks name
	while read -rd '' size blocks name; do
		[ $((size - blocks * 512)) -lt 65536 ] || printf '%s\0' "$name"
	done
}

compare() {
	say "diff -r --no-dereference $1 $2"
	diff -r --no-dereference "$1" "$2"
	echo "every byte is the same"
	say "compare types, modes, owners, times, sizes, links, holes, extended attributes and ACLs"
	(facts "$1") >"$work/before"
	(facts "$2") >"$work/after"
	diff -a "$work/before" "$work/after"
	echo "every fact is the same ($(tr -cd '\0' <"$work/after" | wc -c))"
}

install_tools
make_oddities
run go build -buildvcs=false -o "$work/heirloom" ./cmd/heirloom
PATH=$work:$PATH
run heirloom init
run heirloom backup --name try "$folder" "$odd"
say "again: what did not change is not read"
run heirloom backup --name try "$folder" "$odd"
run heirloom snapshots
run heirloom verify
run heirloom restore dataset/try/latest "$work/restored"
compare "$folder" "$work/restored/$(basename "$folder")"
compare "$odd" "$work/restored/oddities"
run heirloom stats
