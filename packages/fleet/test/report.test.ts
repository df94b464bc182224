import { expect, it } from 'vitest'
import { linePlot, niceCeiling, reportPage } from '../src/report/index.ts'

it('plots end at round numbers', () => {
  expect([0, 0.03, 1, 1.1, 23, 260, 999].map(niceCeiling)).toEqual([1, 0.03, 1, 1.2, 25, 300, 1000])
})

it('plots: units are told, and what began when, by name where there is room', () => {
  const points = [
    [0, 1],
    [100, 5],
  ] as const
  const marks = [
    { seconds: 10, name: 'connect' },
    { seconds: 10.5, name: 'job <x>' },
    { seconds: 60, name: 'drain' },
    { seconds: 900, name: 'later' },
  ]
  const plot = linePlot('Rate', 'per second', [{ name: 'sent', colour: '#000', points }], marks)
  expect(plot).toContain('<small>per second</small>')
  expect(plot.match(/stroke-dasharray/g)).toHaveLength(3)
  expect([...plot.matchAll(/rotate[^>]*>([^<]*)</g)].map(([, name]) => name)).toEqual([
    'connect',
    'drain',
  ])
  expect(plot).toContain('<title>job &lt;x&gt;</title>')
})

it('page: what is shown is text, whatever is in it, and nothing is fetched', () => {
  const page = reportPage({
    title: '<script>',
    description: 'what & why',
    kind: 'load report',
    ok: false,
    verdict: 'a threshold broke',
    failures: ['p99 is 12 ms & more'],
    sections: [
      { facts: [['seed', '<1>']], plots: [linePlot('Rate', 'per second', [])] },
      { heading: 'Thresholds', table: { head: ['what', 'bound'], rows: [['p99', '"10"']] } },
    ],
    summary: { ok: false },
  })
  expect(page).not.toMatch(/<script|<link|<img|src=|href=|@import|url\(/)
  for (const text of [
    '&lt;1&gt;',
    'what &amp; why',
    'p99 is 12 ms &amp; more',
    '&quot;10&quot;',
    'nothing to show',
  ]) {
    expect(page).toContain(text)
  }
})
