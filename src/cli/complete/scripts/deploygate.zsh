#compdef deploygate
# zsh completion of deploygate. The program tells what fits, in the protocol of cobra: a candidate a line, and at the end
# a number (2: no space follows, 4: no files fit).

_deploygate() {
  local program=${(Q)~words[1]} line value
  (( $+commands[$program] )) || [[ -x $program ]] || program=deploygate
  local -a typed lines shown space
  typed=("${(@Q)words[2,CURRENT - 1]}" "${(Q)PREFIX}")
  typed=("${(@)typed/#\~\//$HOME/}")
  lines=("${(@f)$("$program" __complete "${(@)typed}" 2>/dev/null </dev/null)}")
  local directive=${lines[-1]#:}
  [[ $directive == <-> ]] || return 1

  if (( directive & 4 )); then
    for line in "${(@)lines[1,-2]}"; do
      value=${${line%%$'\t'*}//:/\\:}
      [[ $line == *$'\t'* ]] && value+=:${line#*$'\t'}
      shown+=("$value")
    done
    (( directive & 2 )) && space=(-S '')
    _describe -t deploygate deploygate shown "${(@)space}"
  else
    # the path begins behind --option= and FORMAT=
    local option=$words[CURRENT-1]
    if [[ $PREFIX == --*=* ]]; then
      option=${PREFIX%%=*}
      compset -P 1 '*='
    fi
    [[ $option == --report ]] && compset -P 1 '*='
    _files
  fi
}

if [[ $funcstack[1] == _deploygate ]]; then
  _deploygate "$@"
else
  compdef _deploygate deploygate
fi
