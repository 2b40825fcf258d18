# shellcheck shell=bash
# The figures of a comparison from its beginning to the tables: anew, or added to those of an earlier run.
#
# Whoever reads this file in has read facts.sh before, has built report, and sets
#   sets, ops   what is measured
#   publish     true also changes the pages in docs
: "${here:?}" "${work:?}" "${sets:?}" "${ops:?}" "${publish:?}"

# begin_figures fresh|add|replace
begin_figures() {
	if [ "$1" = fresh ] || [ ! -e "$work/figures.csv" ]; then
		rm -f "$work/facts.tsv"
		start_figures
		return
	fi
	same_facts
	if [ "$1" = replace ]; then drop_rows; fi
}

# same_facts fails if the earlier figures are of other data, of another program under the same label, or with another cache.
same_facts() {
	local differs
	differs=$({
		program_facts
		set_facts
		fact cache "$(cache)"
	} | awk -F'\t' '
		{ key = $1 == "cache" ? $1 : $1 " " $2 }
		NR == FNR { old[key] = $0; next }
		key in old && old[key] != $0 { print key }' "$work/facts.tsv" -)
	[ -z "$differs" ] || fail "not what the earlier figures are of, begin anew: $differs"
}

# drop_rows takes the rows that are about to be measured out of the figures.
drop_rows() {
	local name operation
	for name in "${sets[@]}"; do
		for operation in "${ops[@]}"; do
			rows_of "$operation" | sed "s/^/$name /"
		done
	done | awk -F, 'NR == FNR { gone[$0]; next } !($1 in gone)' - "$work/figures.csv" >"$work/figures.new"
	mv "$work/figures.new" "$work/figures.csv"
}

# rows_of OPERATION prints the names of its rows without the set's.
rows_of() {
	case $1 in
	first) printf '%s\n' "first backup" "repository MiB" ;;
	unchanged) echo "nothing changed" ;;
	restore) echo "restore" ;;
	file) echo "single file" ;;
	verify) echo "verify" ;;
	changed) printf '%s\n' "1 % changed" "growth MiB" ;;
	prune) printf '%s\n' "prune + collect" "after collection MiB" ;;
	*) fail "unknown operation: $1" ;;
	esac
}

show_tables() {
	"$work/report" -figures "$work/figures.csv" -facts "$work/facts.tsv"
	if $publish; then
		cp "$work/figures.csv" "$here/../../docs/performance.csv"
		"$work/report" -figures "$work/figures.csv" -facts "$work/facts.tsv" \
			-page "$here/../../docs/performance.md" -chart "$here/../../docs/performance.svg"
	fi
}
