export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

// Each asks `inforce __complete` with the words up to the cursor: candidates, one a line, with a tab before what is
// said of them. No candidates: the shell completes file names.
export const scripts: Readonly<Record<Shell, string>> = {
  bash: `# bash completion for inforce
_inforce() {
  local IFS=$'\\n'
  COMPREPLY=($(inforce __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1))
}
complete -o default -F _inforce inforce
`,
  zsh: `#compdef inforce
# zsh completion for inforce
_inforce() {
  local -a lines candidates
  local line
  lines=("\${(@f)$(inforce __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  for line in $lines; do
    candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( \${#candidates} )); then
    _describe -t inforce inforce candidates
  else
    _files
  fi
}
if [[ "\${funcstack[1]}" == _inforce ]]; then
  _inforce "$@"
else
  compdef _inforce inforce
fi
`,
  fish: `# fish completion for inforce
function __inforce_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l found (inforce __complete $words[2..-1] 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c inforce -f -a '(__inforce_complete)'
`,
};
