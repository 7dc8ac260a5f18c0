# fish completion of deploygate. The program tells what fits, in the protocol of cobra: a candidate a line, and at the end
# a number (2: no space follows, 4: no files fit). fish adds no space behind / and = by itself.

# Asks the program once for each command line, however often fish wants to know.
function __deploygate_ask
    set -l key (commandline -cp | string collect) (date +%s)
    test "$key" = "$__deploygate_key"; and return
    set -g __deploygate_key $key
    set -g __deploygate_answer
    set -l words (commandline -opc)
    # variables may stand before the program
    while string match -qr '^\w+=' -- $words[1]
        set -e words[1]
    end
    set -l program $words[1]
    type -q -- $program; or set program deploygate
    set -l typed (commandline -ct | string collect)
    set -l current (string unescape -- $typed; or string replace -ar '["\']' '' -- $typed)
    set -l words (string replace -r '^(--[a-z-]+=)?~/' "\$1$HOME/" -- $words[2..-1] "$current")
    set -g __deploygate_answer ($program __complete $words 2>/dev/null </dev/null)
end

function __deploygate_takes_file
    __deploygate_ask
    string match -qr '^:[0-3]$' -- $__deploygate_answer
end

function __deploygate_list
    __deploygate_ask
    string match -vr '^:\d+$' -- $__deploygate_answer
end

complete -c deploygate -f -a '(__deploygate_list)'
complete -c deploygate -n __deploygate_takes_file -F
