/** Whether a tarball works for those who install it, as far as reading it can tell. */
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { readFileSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

/** What each tarball has beside its code. */
const expectedFiles = ['CHANGELOG.md', 'LICENSE', 'README.md', 'THIRD-PARTY.md', 'package.json']

/** Words that only this workspace understands, and files named in ways that no bundler follows. */
const workspaceOnly =
  /["'`](?:workspace|catalog):|(?:from|import) ?\(?["'][^"']+\.ts["']|import\.meta\.(?:dir|file)name|new URL\(["']\.\./

/**
 * Every fault found, one line each, beginning with the tarball's name.
 *
 * @param dist - the folder it was packed of
 */
export async function tarballFaults(tarball: string, dist: string): Promise<string[]> {
  const found = [
    ...(await publintFaults(tarball)),
    ...(await typeFaults(tarball)),
    ...contentFaults(dist),
  ]
  return found.map((fault) => `${basename(tarball)}: ${fault}`)
}

async function publintFaults(tarball: string): Promise<string[]> {
  const bytes = new Uint8Array(readFileSync(tarball)).buffer
  const { messages, pkg } = await publint({ pack: { tarball: bytes }, strict: true })
  return messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`)
}

/** How the declarations resolve; that CommonJS cannot `require` a module with them is no fault. */
async function typeFaults(tarball: string): Promise<string[]> {
  const checked = await checkPackage(createPackageFromTarballData(readFileSync(tarball)))
  // A command has no declarations.
  if (checked.types === false) return []
  return checked.problems
    .filter(({ kind }) => kind !== 'CJSResolvesToESM')
    .map((problem) => `types: ${JSON.stringify(problem)}`)
}

function contentFaults(dist: string): string[] {
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' })
  const missing = expectedFiles.filter((file) => !files.includes(file))
  const pointing = files
    .filter((file) => /\.(js|d\.ts)$|^package\.json$/.test(file) && !file.includes('console-dist'))
    .flatMap((file) => {
      const word = readFileSync(join(dist, file), 'utf8').match(workspaceOnly)
      return word === null ? [] : [`${file} says \`${word[0]}\``]
    })
  return [...missing.map((file) => `no ${file}`), ...pointing]
}
