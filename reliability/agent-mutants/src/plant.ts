/** Plants the mutant that `MUSTER_AGENT_MUTANT` names in the files of this process, as they are loaded. */
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import { MUTANTS } from './mutants.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const name = process.env['MUSTER_AGENT_MUTANT']
const mutant = MUTANTS.find((one) => one.name === name)
if (mutant === undefined) throw new Error(`no mutant is named \`${name}\``)

registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context)
    if (!url.startsWith('file:')) return loaded
    const path = fileURLToPath(url)
    const edits = mutant.edits.filter(({ file }) => path === ROOT + file)
    if (edits.length === 0) return loaded
    const source = edits.reduce(
      (text, { find, replace }) => text.replace(find, () => replace),
      String(loaded.source),
    )
    return { ...loaded, source }
  },
})
