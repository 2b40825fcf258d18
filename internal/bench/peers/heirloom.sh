# shellcheck shell=bash disable=SC2034,SC2154
# heirloom, as it is without any option. See ../peers.sh.

heirloom_environment() {
	export HEIRLOOM_PASSPHRASE=bench HEIRLOOM_STORE=$home/repository HEIRLOOM_CACHE_DIR=$home/cache
}

heirloom_version() { "$binary" --version; }

heirloom_command() {
	case $1 in
	init) command=("$binary" --quiet init --encrypt) ;;
	backup) command=("$binary" --quiet backup --name x "$2") ;;
	restore) command=("$binary" --quiet restore "$(heirloom_newest "$2")" "$(heirloom_restored "$2" "$3")") ;;
	file) command=("$binary" --quiet cat "$(heirloom_newest "$2")" "$3") ;;
	check) command=("$binary" --quiet verify) ;;
	remove) command=("$binary" --quiet prune --keep "keep-last=$2" --max-remove 100) ;;
	collect) command=("$binary" gc --json) ;;
	list) command=("$binary" snapshots --json) ;;
	*) return 1 ;;
	esac
}

heirloom_newest() { if [ -d "$1" ]; then echo dataset/x/latest; else echo image/x/latest; fi; }

heirloom_restored() { if [ -d "$1" ]; then echo "$2"; else echo "$2/${1##*/}"; fi; }
