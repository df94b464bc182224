/** A server that is there already: cases that need no file of their own run against it. */
import type { CaseEndpoints, CaseHost, CaseWorld } from '@muster/conformance'

/** A host that only empties the account. */
export class RunningServerHost implements CaseHost {
  readonly #endpoints: CaseEndpoints

  constructor(endpoints: CaseEndpoints) {
    this.#endpoints = endpoints
  }

  async start({ iam, files }: CaseWorld): Promise<CaseEndpoints> {
    if (iam !== undefined) throw notOurs('an IAM file')
    if (files.length > 0) throw notOurs('objects in the folder that stands for S3')
    const { adminToken, httpUrl } = this.#endpoints
    const response = await fetch(`${httpUrl}/_muster/reset`, {
      method: 'POST',
      headers: adminToken === undefined ? {} : { authorization: `Bearer ${adminToken}` },
    })
    if (!response.ok) throw new Error(`reset answered ${response.status}: ${await response.text()}`)
    return this.#endpoints
  }

  replaceIam(): Promise<boolean> {
    return Promise.reject(notOurs('an IAM file'))
  }

  restart(): Promise<void> {
    return Promise.reject(notOurs('a restart'))
  }

  async stop(): Promise<void> {}
}

function notOurs(what: string): Error {
  return new Error(`the case needs ${what}: run it without port flags, on a server of its own`)
}
