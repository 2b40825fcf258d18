# shellcheck shell=bash disable=SC2034,SC2154
# borg. See ../peers.sh.
#
#   --compression zstd,1                the quickest that makes a repository of about the others' size
#   --encryption repokey[-blake2]       BLAKE2 where the CPU has no instructions for SHA-256, as its manual advises
#   --sparse                            an image's zeros need not be written

borg_environment() {
	# borg asks before it touches a repository that has moved, and a copy of one.
	export BORG_PASSPHRASE=bench BORG_REPO=$home/repository BORG_BASE_DIR=$home/cache BORG_RELOCATED_REPO_ACCESS_IS_OK=yes
}

borg_version() { "$binary" --version; }

borg_command() {
	case $1 in
	init) command=("$binary" init --encryption "$(borg_encryption)" --make-parent-dirs) ;;
	# borg keeps one snapshot a second, so each gets a day of its own.
	backup) command=("$binary" create --compression "zstd,1" --timestamp "$(borg_time "$3")" "::day$3" "$2") ;;
	restore) command=(env -C "$3" "$binary" extract --sparse "::$(borg_newest)") ;;
	file) command=("$binary" extract --stdout "::$(borg_newest)" "${2#/}/$3") ;;
	check) command=("$binary" check --verify-data) ;;
	remove) command=("$binary" prune --keep-last "$2") ;;
	collect) command=("$binary" compact) ;;
	list) command=("$binary" list --format '"snapshot": "{archive}"{NL}') ;;
	*) return 1 ;;
	esac
}

borg_encryption() { if grep -qw sha_ni /proc/cpuinfo; then echo repokey; else echo repokey-blake2; fi; }

borg_time() { date -u -d "2026-01-01 + $1 days" +%FT%T; }

borg_newest() { "$binary" list --last 1 --short; }

borg_restored() { echo "$2$1"; }
