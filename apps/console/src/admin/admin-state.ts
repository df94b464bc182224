/** Whether the admin API of the endpoint can be used. */
import { AdminError, type ClockReading } from './admin-client.ts'

/** How the admin API stands. */
export type AdminState =
  | { readonly name: 'asking' }
  | { readonly name: 'present'; readonly clock: ReadAt }
  /** It is there and wants the admin token. */
  | { readonly name: 'locked'; readonly reason: string }
  | { readonly name: 'absent'; readonly reason: string }

/** A reading of the clock and the moment of this page at which it was taken. */
export interface ReadAt extends ClockReading {
  /** `performance.now()` of this page. */
  readonly readAtMs: number
}

/** How the admin API stands, after an answer or an error. */
export function adminState(isOwn: boolean, clock: ReadAt | undefined, error: unknown): AdminState {
  if (!isOwn) {
    return { name: 'absent', reason: 'The endpoint is not the server that served this page.' }
  }
  if (clock) return { name: 'present', clock }
  if (error instanceof AdminError && error.status === 401) {
    return { name: 'locked', reason: 'This server has an admin token: sign in again with it.' }
  }
  if (error instanceof AdminError && error.status === 404) {
    return { name: 'absent', reason: 'This server has no admin API.' }
  }
  return { name: 'asking' }
}
