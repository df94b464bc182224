import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { describeThing } from './readme-example.ts'

it('the README’s example is this one, and works', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const example = readFileSync(new URL('readme-example.ts', import.meta.url), 'utf8')
  expect(readme).toContain(example)
  expect(describeThing('/things/T%3A1', 'id')).toEqual({
    status: 200,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': 'id' },
    body: '{"thingName":"T:1","version":1}',
  })
  expect(describeThing('/things/a%20b', 'id').status).toBe(400)
  expect(describeThing('/nowhere', 'id').status).toBe(404)
})
