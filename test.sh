#!/usr/bin/env bash
# Everything that must hold, from a fresh clone on: ./test.sh [--quick]
#
# It installs what tests need where it may (Debian, as root), and says what it goes without. Where everything is there,
# a test that would be skipped fails instead. --quick leaves out other systems, fuzzing, the race detector, mutants
# and the programs. The tests themselves run last, so that the output ends with theirs.
set -euo pipefail
cd "$(dirname "$0")"
unset HEIRLOOM_STORE HEIRLOOM_CACHE_DIR HEIRLOOM_DATA HEIRLOOM_PASSPHRASE HEIRLOOM_NEW_PASSPHRASE HEIRLOOM_TEST_NO_SKIP

quick=false
case "${1-}" in
"") ;;
--quick) quick=true ;;
*)
	echo "usage: ./test.sh [--quick]" >&2
	exit 2
	;;
esac

step() { printf '\n== %s\n' "$*"; }

# A program that tests call, and the Debian package that has it.
needs="getfacl:acl setfacl:acl getfattr:attr setfattr:attr setcap:libcap2-bin systemd-analyze:systemd
mkfs.ext4:e2fsprogs losetup:mount mount:mount git:git diff:diffutils /usr/bin/time:time"

missing_packages() {
	local need
	for need in $needs; do
		command -v "${need%%:*}" >/dev/null 2>&1 || echo "${need#*:}"
	done | sort -u
}

# may_mount says whether this machine lets root mount folders and attach disks; containers often do not.
may_mount() {
	local dir disk ok=false
	dir=$(mktemp -d)
	truncate -s 1M "$dir/disk"
	if disk=$(losetup --find --show "$dir/disk") && losetup --detach "$disk" && mount -t tmpfs tmpfs "$dir"; then
		umount "$dir" && ok=true
	fi 2>/dev/null
	rm -rf "$dir"
	$ok
}

install_tools() {
	PATH=$PATH:/usr/sbin:/sbin
	local packages
	packages=$(missing_packages)
	if [ -n "$packages" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
		echo "installing: $(echo $packages)"
		apt-get update -q >/dev/null 2>&1 || echo "apt-get update failed; going on with the lists there are"
		DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends $packages >/dev/null ||
			echo "apt-get could not install all of them"
	fi
	packages=$(missing_packages)
	if [ -n "$packages" ]; then
		echo "not installed, their tests are skipped (Debian: apt-get install): $(echo $packages)"
	elif [ "$(uname -s)" != Linux ] || [ "$(id -u)" != 0 ]; then
		echo "not root on Linux: tests of owners, devices, mounts and full disks are skipped"
	elif ! may_mount; then
		echo "nothing can be mounted or attached here: tests that do are skipped"
	else
		echo "everything is there: a skipped test is a failed one"
		export HEIRLOOM_TEST_NO_SKIP=1
	fi
}

check_format() {
	local unformatted
	unformatted=$(gofmt -l .)
	[ -z "$unformatted" ] || { printf 'not gofmt-ed:\n%s\n' "$unformatted" && false; }
}

# Systems that a change must not break though the tests do not run there.
systems="linux/arm64 freebsd/amd64 freebsd/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64"

vet_systems() {
	local system
	for system in $systems; do
		echo "$system"
		GOOS=${system%/*} GOARCH=${system#*/} CGO_ENABLED=0 go vet ./...
	done
}

# Where goroutines share memory. The detector needs a C compiler on most systems.
raced="./chunk/... ./datastore/... ./restore/... ./task/... ./cmd/..."

race() {
	if ! command -v "$(go env CC)" >/dev/null; then
		[ -z "${CI-}" ] || return 1
		echo "skipped: the race detector needs a C compiler (Debian: apt-get install gcc libc6-dev)"
		return
	fi
	# The model runs one goroutine at a time: the detector would find nothing there, and take ten times as long.
	CGO_ENABLED=1 go test -race -timeout 60m -skip '^(TestModel|TestModelAtRandom|TestCollectionMemory)$' $raced
}

# fuzz runs each fuzz target a number of times (a time limit sometimes makes the tool itself fail as it runs out). What it
# says matters only if it fails.
fuzz() {
	local file target said
	grep -rl --include='*_test.go' '^func Fuzz' . | sort | while read -r file; do
		for target in $(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\).*/\1/p' "$file"); do
			echo "$(dirname "$file") $target"
			said=$(go test -run '^$' -fuzz "^$target\$" -fuzztime 2000x -fuzzminimizetime 1x "$(dirname "$file")" 2>&1) ||
				{ echo "$said" && exit 1; }
		done
	done
}

own_modules() {
	local module
	for module in $(find examples chunk internal/bench -name go.mod -exec dirname {} \; | sort); do
		echo "$module"
		(cd "$module" && go vet ./... && go test -timeout 60m ./...)
	done
}

# tests runs all of them. Some build the program, of which go test knows nothing: without -count=1 it would
# take a result of before a change from its cache.
tests() {
	local others
	others=$(go list ./... | grep -vE '/internal/(bench|endtoend)$')
	go test -timeout 60m $others
	go test -timeout 60m -count=1 ./internal/bench ./internal/endtoend
}

step "tools"
go version
install_tools
step "gofmt"
check_format
step "go vet"
go vet ./...
if ! $quick; then
	step "go vet for other systems"
	vet_systems
fi
step "staticcheck"
go tool -modfile=tools.mod staticcheck ./...
if ! $quick; then
	step "fuzzing, a moment each"
	fuzz
	step "try.sh"
	./try.sh docs
	step "examples with a module of their own"
	own_modules
	step "race detector"
	race
	step "mutants of the collection protocol"
	HEIRLOOM_TEST_MUTANTS=1 go test -timeout 60m -count=1 -run TestMutants ./internal/mutants
fi
step "tests"
tests
