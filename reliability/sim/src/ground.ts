/**
 * What all runs of a process share: an authority that signs nothing, and a folder for the keys of
 * sessions, which no run looks at.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAuthority } from '@muster/pki'
import type { Ground } from './world/world.ts'

/** The ground of a process, until it is closed. */
export interface OpenGround extends Ground {
  close(): void
}

/** Makes it. */
export async function openGround(): Promise<OpenGround> {
  const path = mkdtempSync(join(tmpdir(), 'muster-sim-'))
  return {
    authority: await createAuthority({ nowMs: Date.now() }),
    folder: { path, file: (name) => join(path, name), release: () => {} },
    close: () => rmSync(path, { recursive: true, force: true }),
  }
}
