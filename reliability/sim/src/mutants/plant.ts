/**
 * Plants the mutant that `MUSTER_MUTANT` names in the files of this process, as they are loaded.
 */
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import { MUTANTS } from './mutants.ts'

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
const name = process.env['MUSTER_MUTANT']
const mutant = MUTANTS.find((one) => one.name === name)
if (mutant === undefined) throw new Error(`no mutant is named \`${name}\``)

registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context)
    if (url.startsWith('file:') && fileURLToPath(url) === `${ROOT}${mutant.file}`) {
      return { ...loaded, source: planted(String(loaded.source)) }
    }
    return loaded
  },
})

function planted(source: string): string {
  if (mutant === undefined) return source
  const [before = '', after, ...more] = source.split(mutant.find)
  if (after === undefined || more.length > 0) {
    throw new Error(`\`${mutant.find}\` does not stand once in ${mutant.file}`)
  }
  return `${before}${mutant.replace}${after}`
}
