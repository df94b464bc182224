/**
 * Draws the pictures of docs/policies.md: what a policy's languages are, and the way of a policy. `pnpm
 * policy:pictures`
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

const IMAGES = join(import.meta.dirname, 'images')

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly lines: readonly string[]
  readonly fill: string
}

const font = 'font-family="ui-sans-serif, system-ui, sans-serif"'

function svg(width: number, height: number, body: readonly string[], title: string): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${title}">`,
    `<title>${title}</title>`,
    '<defs><marker id="head" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="#5f6b7a"/></marker></defs>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...body,
    '</svg>',
    '',
  ].join('\n')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function text(x: number, y: number, content: string, more = ''): string {
  return `<text x="${x}" y="${y}" ${font} font-size="13" fill="#16191f" ${more}>${escaped(content)}</text>`
}

function box({ x, y, width, lines, fill }: Box): readonly string[] {
  const height = 16 + lines.length * 18
  return [
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8" fill="${fill}" stroke="#5f6b7a"/>`,
    ...lines.map((line, index) =>
      text(
        x + width / 2,
        y + 22 + index * 18,
        line,
        `text-anchor="middle"${index === 0 ? ' font-weight="600"' : ''}`,
      ),
    ),
  ]
}

function arrow(x1: number, y1: number, x2: number, y2: number): string {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="#5f6b7a" stroke-width="1.5" marker-end="url(#head)"/>`
}

/** The way of a policy, command by command. */
function way(): string {
  const steps: readonly (readonly [string, string, string])[] = [
    ['denied', 'a request is refused', 'policy explain'],
    ['allowed', 'one statement more', 'policy diff'],
    ['proved', 'for every device', 'policy prove'],
    ['least', 'what is used, no more', 'policy suggest'],
  ]
  const fills = ['#fdecea', '#fff4e0', '#e6f4ea', '#e8f0fe']
  const body = steps.flatMap(([name, what, command], index) => [
    ...box({
      x: 20 + index * 200,
      y: 30,
      width: 160,
      lines: [name, what, command],
      fill: fills[index] ?? '#fff',
    }),
    ...(index === 0 ? [] : [arrow(180 + (index - 1) * 200, 65, 217 + (index - 1) * 200, 65)]),
  ])
  return svg(820, 130, body, 'From denied to allowed to proved to least, with the command for each')
}

/** Languages of a proof: what is allowed and forbidden at once, less what is denied or excepted. */
function languages(): string {
  const circle = (cx: number, fill: string): string =>
    `<circle cx="${cx}" cy="130" r="95" fill="${fill}" fill-opacity="0.55" stroke="#5f6b7a"/>`
  const body = [
    circle(180, '#bcd9f7'),
    circle(300, '#f7d4bc'),
    '<ellipse cx="228" cy="130" rx="58" ry="36" fill="#ffffff" stroke="#5f6b7a" stroke-dasharray="4 3"/>',
    text(60, 24, 'allowed: topic/$aws/things/{own}*/jobs/*'),
    text(250, 252, 'forbidden: topic/$aws/things/{thing}/jobs/*'),
    text(228, 128, 'except {own}', 'text-anchor="middle"'),
    text(228, 146, 'and denied', 'text-anchor="middle"'),
    '<circle cx="266" cy="92" r="5" fill="#d13212"/>',
    arrow(420, 80, 275, 91),
    text(426, 76, 'what is left is a counterexample:'),
    text(426, 96, 'topic/$aws/things/{own}a/jobs/'),
    text(426, 126, 'nothing left: proved'),
    text(426, 156, '{own} is one letter, whatever'),
    text(426, 174, 'the name of the thing is'),
  ]
  return svg(
    700,
    270,
    body,
    'What is allowed and forbidden at once, less what is excepted or denied',
  )
}

for (const [name, drawn] of [
  ['policy-way.svg', way()],
  ['policy-languages.svg', languages()],
] as const) {
  writeFileSync(join(IMAGES, name), drawn)
  process.stdout.write(`docs/images/${name}\n`)
}
