/** `muster completion`: what makes Tab complete commands, flags and their values. */
import { Argument, type Command } from 'commander'
import { candidates } from './candidates.ts'

/** The hidden command that the shells ask. */
const ASK = '__complete'

const SCRIPTS = {
  bash: `_muster() {
  local IFS=$'\\n'
  COMPREPLY=($(muster ${ASK} -- "\${COMP_WORDS[@]:1:COMP_CWORD}"))
}
complete -o default -F _muster muster
`,
  zsh: `_muster() {
  local -a found
  found=(\${(f)"$(muster ${ASK} -- "\${(@)words[2,CURRENT]}")"})
  compadd -- $found || _files
}
compdef _muster muster
`,
  fish: `complete -c muster -a '(muster ${ASK} -- (commandline -opc)[2..] (commandline -ct))'
`,
}

/** Adds `completion`, and the command that its scripts ask. */
export function addCompletionCommand(program: Command): void {
  program
    .command('completion')
    .description('print what completes commands and flags: eval "$(muster completion bash)"')
    .addArgument(new Argument('<shell>').choices(Object.keys(SCRIPTS)))
    .action((shell: keyof typeof SCRIPTS) => void process.stdout.write(SCRIPTS[shell]))
  program
    .command(ASK, { hidden: true })
    .argument('[words...]')
    .action((words: readonly string[]) => {
      for (const candidate of candidates(program, words)) process.stdout.write(`${candidate}\n`)
    })
}
