import { startTestServer } from '@muster/server/testkit'
import { expect, it, onTestFinished } from 'vitest'

it('a listener gets all it asks for at once, however much that is', async () => {
  const server = await startTestServer()
  onTestFinished(() => server.close())
  const refused = 600
  for (let n = 0; n < refused; n += 1) {
    await fetch(`${server.httpUrl}/things/${'x'.repeat(120)}${n}`)
  }
  const response = await fetch(`${server.httpUrl}/_muster/decisions?limit=1000`, {
    headers: { accept: 'text/event-stream' },
  })
  const reader = response.body?.getReader()
  if (reader === undefined) throw new Error('no stream')
  let text = ''
  const wanted = (await (await server.admin('GET', 'decisions?limit=1000')).json()) as {
    decisions: readonly object[]
  }
  expect(wanted.decisions.length).toBeGreaterThan(400)
  while (text.split('\ndata: ').length - 1 < wanted.decisions.length) {
    const { value, done } = await reader.read()
    if (done) break
    text += new TextDecoder().decode(value)
  }
  expect(text.split('\ndata: ').length - 1).toBe(wanted.decisions.length)
  await reader.cancel()
})
