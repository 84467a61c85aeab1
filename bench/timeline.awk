# strace's logs of runs of srun --tunnel become one picture (SVG), a panel for each, with the same scale.

function program(argv) {
    if (argv ~ /libexec\/java/) return "java|#e69f00"
    if (argv ~ /stunnel-keeper/) return "stunnel-keeper|#4477aa"
    if (argv ~ /"-O", "check"/) return "ssh -O check|#66aa77"
    if (argv ~ /"-O", "forward"/) return "ssh -O forward|#66aa77"
    if (argv ~ /"-O", "exit"/) return "ssh -O exit|#66aa77"
    if (argv ~ /"-W"/) return "ssh -W: does sshd carry it?|#66aa77"
    if (argv ~ /"-M"/) return "ssh -f -N -M|#66aa77"
    if (argv ~ /\/ssh"/) return "ssh|#66aa77"
    return "srun|#999999"
}

function x(time) { return LEFT + time * scale }

function text(place, line, words, more) {
    printf "<text x=\"%.1f\" y=\"%.1f\"%s>%s</text>\n", place, line, more, words
}

function box(from, to, top, height, colour, more) {
    printf "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" fill=\"%s\"%s/>\n",
        x(from), top, (to - from) * scale, height, colour, more
}

function phase(from, to, name, colour,    anchor) {
    if (to <= from) return
    box(from, to, top, 18, colour)
    box(from, to, top + 22, bars[panel] * ROW + 8, colour, " fill-opacity=\"0.35\"")
    # Of two narrow ones in a row the names would meet: each hangs out to its own side.
    anchor = (to - from) * scale > 8 * length(name) + 24 ? "middle" : to < last[panel] ? "end" : "start"
    text(anchor == "middle" ? x((from + to) / 2) : anchor == "end" ? x(to) : x(from) + 4, top + 13,
        sprintf("%s %.0f", name, (to - from) * 1000), " text-anchor=\"" anchor "\" font-size=\"12\"")
}

function draw(    i, time, line, words, stop, long) {
    for (i = 1; i <= bars[panel]; i++) {
        if (!end[panel, i]) end[panel, i] = last[panel]
        if (label[panel, i] ~ /^ssh -O exit/) stop = begin[panel, i]
    }
    if (panel == 1) {
        phase(0, ok[panel], "verdict", "#fbe3b5")
        phase(ok[panel], opened[panel], "allocation", "#e3e3e3")
    } else
        phase(0, opened[panel], "allocation, verdict beside it", "#f1e3c8")
    phase(opened[panel], ready[panel], "connect", "#cfe8d4")
    phase(ready[panel], stop, "step", "#e3e3e3")
    phase(stop, last[panel], "end", "#cfe8d4")
    for (time = 0; time <= longest; time += step) {
        printf "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#bbb\"/>\n",
            x(time), x(time), top + 22, top + 34 + bars[panel] * ROW
        text(x(time), top + 50 + bars[panel] * ROW, sprintf("%.0f", time * 1000), " text-anchor=\"middle\" fill=\"#555\"")
    }
    for (i = 1; i <= bars[panel]; i++) {
        split(label[panel, i], words, "|")
        line = top + 30 + (i - 1) * ROW
        text(LEFT - 10, line + 15, words[1], " text-anchor=\"end\"")
        box(begin[panel, i], end[panel, i], line + 2, 18, words[2])
        # The master stays behind, in another process than the one that began it.
        if (words[1] ~ /^ssh -f/ && stop) box(end[panel, i], stop, line + 9, 4, words[2])
        long = end[panel, i] - begin[panel, i]
        if (long * scale > 60) text(x(end[panel, i]) - 5, line + 15, sprintf("%.0f", long * 1000), " text-anchor=\"end\" fill=\"white\"")
        else text(x(end[panel, i]) + 4, line + 15, sprintf("%.0f", long * 1000))
    }
    top += 110 + bars[panel] * ROW
}

BEGIN { LEFT = 190; WIDTH = 700; ROW = 26 }

FNR == 1 {
    start = $2
    panel++
    split("", bar)
}
{
    now = $2 - start
    last[panel] = now
    if (now > longest) longest = now
}
/execve\(/ && !/ENOENT/ {
    if (!($1 in bar)) {
        bar[$1] = ++bars[panel]
        begin[panel, bars[panel]] = now
    }
    label[panel, bar[$1]] = program($0)
}
/sendto\(.*answer=ok/ && !ok[panel] { ok[panel] = now }
/sendmsg\(.*request=open/ { opened[panel] = now }
/sendto\(.*answer=ready/ { ready[panel] = now }
/exited with|exit_group|killed by/ && $1 in bar {
    end[panel, bar[$1]] = now
    delete bar[$1]
}

END {
    scale = WIDTH / longest
    # A line for every 50 milliseconds, or fewer where that would be many.
    step = 0.05
    while (longest / step > 14) step *= 2
    height = 2 * 110 + (bars[1] + bars[2]) * ROW + 10
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 960 %d\" width=\"960\" height=\"%d\" " \
        "font-family=\"sans-serif\" font-size=\"13\" fill=\"#222\">\n", height, height
    print "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>"
    top = 40
    panel = 1
    text(20, top - 14, "srun --tunnel 8001:8000 hostname on the login host, a value that is new (Java " java ", milliseconds, under strace)",
        " font-weight=\"bold\"")
    draw()
    panel = 2
    text(20, top - 14, "the same again: the value was accepted before", " font-weight=\"bold\"")
    draw()
    print "</svg>"
}
