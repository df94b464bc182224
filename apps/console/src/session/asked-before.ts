/**
 * Whether this tab asks who is there instead of trying the local operator: after a sign-out, and
 * after somebody else signed in, who must not become that operator by a reload. Keys are never kept.
 */

const key = 'muster.ask-who'

/** Whether to ask; no where the browser blocks storage. */
export function asksWho(): boolean {
  try {
    return sessionStorage.getItem(key) === 'yes'
  } catch {
    return false
  }
}

/** Asks in this tab from now on, or no more. */
export function askWho(isAsking: boolean): void {
  try {
    if (isAsking) sessionStorage.setItem(key, 'yes')
    else sessionStorage.removeItem(key)
  } catch {
    // A browser that blocks storage asks as long as the page lives.
  }
}
