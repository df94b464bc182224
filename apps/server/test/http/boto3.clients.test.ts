/** boto3 with only its endpoint changed (gateway G128, acceptance probe 2). */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { refuse, type ExceptionName, type Refused } from '@muster/model'
import { expect, it } from 'vitest'
import { PYTHON } from '../compatibility/programs.ts'
import { startFixture } from './http-fixture.ts'

it('gateway G128: botocore raises the typed class of every modelled error', async () => {
  const fixture = await startFixture({
    iot: { DescribeThing: ({ input }) => named(input['thingName']) },
    iotdata: { GetRetainedMessage: ({ input }) => named(input['topic']) },
    jobs: { GetPendingJobExecutions: ({ input }) => named(input['thingName']) },
  })
  try {
    const script = fileURLToPath(new URL('boto3-errors.py', import.meta.url))
    const { stdout } = await promisify(execFile)(PYTHON, [script, fixture.endpoint])
    const lines = stdout.trim().split('\n')
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ wrong: [] })
    expect(lines).toHaveLength(3)
  } finally {
    await fixture.close()
  }
})

/** The exception that the request asks for by name. */
function named(name: unknown): Refused {
  return refuse(name as ExceptionName, 'why')
}
