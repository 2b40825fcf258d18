# shellcheck shell=bash
# The commands of each program that collect.sh compares, one place for all of them.
#
# A program keeps its repository and its caches in $place/PROGRAM, always the same path: borg asks before it touches a
# repository that has moved. Whoever reads this file in sets `heirloom`, the binary, and reads measure.sh before.
place=${work:?}/now
export HEIRLOOM_PASSPHRASE=bench HEIRLOOM_STORE=$place/heirloom/repository HEIRLOOM_CACHE_DIR=$place/heirloom/cache
export RESTIC_PASSWORD=bench RESTIC_REPOSITORY=$place/restic/repository RESTIC_CACHE_DIR=$place/restic/cache
export BORG_PASSPHRASE=bench BORG_REPO=$place/borg/repository BORG_BASE_DIR=$place/borg/cache

# command_of PROGRAM VERB [ARGUMENT...] leaves the program's own command in the array `command`.
#
#   init                  an encrypted repository
#   backup SOURCE DAY     one snapshot
#   remove KEEP           all but the newest KEEP snapshots, which frees no space yet
#   collect               the space of what was removed
#   both KEEP             the two in one go, with the program's own single command if it has one
#   list                  a line for each snapshot, with its id in quotes
#   check                 all data is read and found whole
command_of() {
	case "$1 $2" in
	"heirloom init") command=("$heirloom" --quiet init --encrypt) ;;
	"heirloom backup") command=("$heirloom" --quiet backup --name x "$3") ;;
	"heirloom remove") command=("$heirloom" --quiet prune --keep "keep-last=$3" --max-remove 100) ;;
	"heirloom collect") command=("$heirloom" gc --json) ;;
	"heirloom list") command=("$heirloom" snapshots --json) ;;
	"heirloom check") command=("$heirloom" --quiet verify) ;;

	"restic init") command=(restic -q init) ;;
	"restic backup") command=(restic -q backup "$3") ;;
	"restic remove") command=(restic -q forget --group-by '' --keep-last "$3") ;;
	"restic collect") command=(restic -q prune) ;;
	"restic both") command=(restic -q forget --group-by '' --keep-last "$3" --prune) ;;
	"restic list") command=(restic -q snapshots --json) ;;
	"restic check") command=(restic -q check --read-data) ;;

	"borg init") command=(borg init --encryption repokey --make-parent-dirs) ;;
	# borg keeps one snapshot a second, so each gets a day of its own.
	"borg backup") command=(borg create --compression "zstd,1" --timestamp "$(date -u -d "2026-01-01 + $4 days" +%FT%T)" "::day$4" "$3") ;;
	"borg remove") command=(borg prune --keep-last "$3") ;;
	"borg collect") command=(borg compact) ;;
	"borg list") command=(borg list --format '"snapshot": "{archive}"{NL}') ;;
	"borg check") command=(borg check --verify-data) ;;

	*" both") in_one_go "$1" "$3" ;;
	*) fail "unknown: $1 $2" ;;
	esac
}

# in_one_go PROGRAM KEEP: remove, then collect, as one command for the clock
in_one_go() {
	local remove
	command_of "$1" remove "$2"
	remove=$(printf '%q ' "${command[@]}")
	command_of "$1" collect
	command=(bash -c "$remove && $(printf '%q ' "${command[@]}")")
}

# quietly PROGRAM VERB [ARGUMENT...] runs it unmeasured.
quietly() {
	local command
	command_of "$@"
	"${command[@]}" >"$work/stdout" 2>"$work/stderr" || fail "${command[*]}"
}

# snapshots_of PROGRAM prints how many there are.
snapshots_of() {
	local command
	command_of "$1" list
	"${command[@]}" | awk '{ n += gsub(/"(snapshot|short_id)": *"/, "") } END { print n + 0 }'
}
