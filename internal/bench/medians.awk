# Makes a Markdown table of medians out of the figures that measure.sh writes.
#
#   awk -v programs="heirloom restic" -f medians.awk figures.csv
#
# The ratios are the first program's value by each other's, taken within one repetition: below 1 it is quicker, or smaller.
# The peak is the highest of all repetitions.

BEGIN { FS = ","; n = split(programs, program, " ") }

FNR == 1 { next }

{
	if (!($1 in known)) { known[$1]; order[++operations] = $1 }
	i = ++count[$1, $2]
	value[$1, $2, i] = $3
	if ($6 == "") next # a size, not a run
	ran[$1]
	cpu[$1, $2, i] = $4 + $5
	if ($6 > peak[$1, $2]) peak[$1, $2] = $6 + 0
}

END {
	heading()
	for (o = 1; o <= operations; o++) row(order[o])
}

function heading(    p, names, ratios, rule) {
	for (p = 1; p <= n; p++) { names = names " " program[p] " |"; rule = rule "---|" }
	for (p = 2; p <= n; p++) { ratios = ratios " " program[1] " / " program[p] " (min–max) |"; rule = rule "---|" }
	print "| s, or MiB |" names ratios " CPU s | peak MiB |"
	print "|---|" rule "---|---|"
}

function row(op,    p, line, all, peaks) {
	line = "| " op " |"
	for (p = 1; p <= n; p++) line = line " " short(middle(value, op, program[p])) " |"
	for (p = 2; p <= n; p++) line = line " " ratio(op, program[1], program[p]) " |"
	if (!(op in ran)) { print line " | |"; return }
	for (p = 1; p <= n; p++) {
		all = all (p > 1 ? " / " : "") short(middle(cpu, op, program[p]))
		peaks = peaks (p > 1 ? " / " : "") sprintf("%.0f", peak[op, program[p]] / 1024)
	}
	print line " " all " | " peaks " |"
}

function ratio(op, ours, theirs,    i, r, list, runs, low, high) {
	for (i = 1; i <= count[op, ours] && i <= count[op, theirs]; i++) {
		if (value[op, theirs, i] + 0 == 0) continue # quicker than the clock shows
		r = list[++runs] = value[op, ours, i] / value[op, theirs, i]
		if (runs == 1 || r < low) low = r
		if (runs == 1 || r > high) high = r
	}
	return runs ? sprintf("%.2f (%.2f–%.2f)", median(list, runs), low, high) : "–"
}

function middle(table, op, who,    i, list) {
	for (i = 1; i <= count[op, who]; i++) list[i] = table[op, who, i] + 0
	return median(list, count[op, who])
}

function median(list, runs,    i, j, t) {
	for (i = 2; i <= runs; i++)
		for (j = i; j > 1 && list[j] < list[j-1]; j--) { t = list[j]; list[j] = list[j-1]; list[j-1] = t }
	return runs % 2 ? list[(runs + 1) / 2] : (list[runs / 2] + list[runs / 2 + 1]) / 2
}

function short(x) { return sprintf(x < 9.995 ? "%.2f" : x < 999.5 ? "%.1f" : "%.0f", x) }
