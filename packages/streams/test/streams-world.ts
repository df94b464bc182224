/** Rules over a state in memory, with jobs that tests make as they like. */
import type { CreateJobRequest } from '@aws-sdk/client-iot'
import { accept, refuse, type Outcome } from '@muster/model'
import { MemoryStreamsState, type FileFacts, type StreamsPorts } from '../src/index.ts'

/** The account of tests. */
export const account = { region: 'eu-west-1', accountId: '123456789012' }
export const roleArn = 'arn:aws:iam::123456789012:role/Service'

/** What tests look at and set. */
export interface StreamsWorld extends StreamsPorts {
  readonly state: MemoryStreamsState
  /** Jobs by id, live until a test says otherwise. */
  readonly made: Map<string, { input: CreateJobRequest; isLive: boolean }>
  /** Refuses the next job so. */
  refused: Outcome<never> | undefined
  readonly tags: Map<string, unknown>
}

/** A fresh one. */
export function world(): StreamsWorld {
  const made: StreamsWorld['made'] = new Map()
  const tags = new Map<string, unknown>()
  let ids = 0
  const w: StreamsWorld = {
    account,
    state: new MemoryStreamsState(),
    made,
    refused: undefined,
    tags,
    jobs: {
      create: (input) => {
        if (w.refused !== undefined) return w.refused
        made.set(input.jobId ?? '', { input, isLive: true })
        return accept({})
      },
      delete: (jobId, force) => {
        if (made.get(jobId)?.isLive === true && !force) {
          return refuse('InvalidStateTransitionException', 'it is live')
        }
        made.delete(jobId)
        return accept({})
      },
      isLive: (jobId) => made.get(jobId)?.isLive,
    },
    checkTags: () => accept(undefined),
    setTags: (arn, given) => {
      if (given !== undefined) tags.set(arn, given)
    },
    forgetTags: (arn) => tags.delete(arn),
    newId: () => `id-${++ids}`,
  }
  return w
}

/** A file that was looked at. */
export const facts = (bytes: number, etag = 'e'): FileFacts => ({ bytes, etag })
