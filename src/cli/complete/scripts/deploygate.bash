# bash completion of deploygate. The program tells what fits, in the protocol of cobra: a candidate a line, and at the end
# a number (2: no space follows, 4: no files fit).

_deploygate() {
  local IFS=$' \t\n' line=${COMP_LINE:0:COMP_POINT} words=() rest word i
  # bash ends words at = and : too; what touches belongs together
  for ((i = 0; i <= COMP_CWORD; i++)); do
    rest=${line#"${line%%[![:space:]]*}"}
    word=${COMP_WORDS[i]}
    ((i < COMP_CWORD)) || word=$rest
    if ((i > 0)) && [[ $rest == "$line" ]]; then
      words[${#words[@]} - 1]+=$word
    else
      words+=("$word")
    fi
    line=${rest#"$word"}
  done

  local typed=${words[${#words[@]} - 1]} quote=
  [[ $typed != [\'\"]* ]] || quote=${typed:0:1}
  for i in "${!words[@]}"; do
    word=${words[i]//[\'\"\\]/}
    words[i]=${word/#\~\//"$HOME/"}
  done
  local program=${words[0]}
  type -P -- "$program" >/dev/null || program=deploygate
  local out
  out=$("$program" __complete "${words[@]:1}" 2>/dev/null </dev/null) || return
  local directive=${out##*:}
  [[ $directive =~ ^[0-9]+$ ]] || return

  # only what follows the last of these is replaced, and @ with it
  local breaks=${COMP_WORDBREAKS//[\'\"[:space:]]/} kept='' value
  [[ -z $breaks || -n $quote ]] || kept=${typed%"${typed##*["$breaks"]}"}
  kept=${kept%@}
  COMPREPLY=()
  if ((directive & 4)); then
    while IFS=$'\t' read -r value _; do
      [[ $value != :"$directive" ]] || continue
      value=${value#"$kept"}
      [[ -n $value ]] || continue
      [[ -n $quote ]] || printf -v value %q "$value"
      COMPREPLY+=("$value")
    done <<<"$out"
    ((directive & 2)) && compopt -o nospace 2>/dev/null
  else
    compopt -o filenames 2>/dev/null
    typed=${typed#"$kept"}
    while IFS= read -r value; do
      COMPREPLY+=("$value")
    done < <(compgen -f -- "${typed#"$quote"}")
  fi
}

complete -F _deploygate deploygate
