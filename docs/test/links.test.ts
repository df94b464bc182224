/** Pages lead somewhere: every relative link resolves, every room has its page. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const pages = globSync('**/*.md', {
  cwd: ROOT,
  exclude: (name) => /(^|\/)(node_modules|dist|\.muster|\.git)$/.test(name),
})

it('relative links in every page resolve', () => {
  expect(pages.length).toBeGreaterThan(20)
  const broken = pages.flatMap((page) =>
    relativeLinks(readFileSync(join(ROOT, page), 'utf8'))
      .filter((link) => !existsSync(join(ROOT, dirname(page), link)))
      .map((link) => `${page}: ${link}`),
  )
  expect(broken).toEqual([])
})

it('every package and app, and each of loadtest, infra and bench, has a README', () => {
  const rooms = [
    ...globSync('{packages,apps}/*/package.json', { cwd: ROOT }).map((file) => dirname(file)),
    'loadtest',
    'infra',
    'bench',
  ]
  expect(rooms.filter((room) => !existsSync(join(ROOT, room, 'README.md')))).toEqual([])
})

function relativeLinks(text: string): string[] {
  const outsideCode = text.replaceAll(/^```[\s\S]*?^```/gm, '')
  return [...outsideCode.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => decodeURI(target.split('#')[0] ?? ''))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
}
