/**
 * Whether this tab has shown the sign-in form: whoever signed out or signed in by hand is asked
 * again after a reload, not taken for the local operator. Keys are never kept.
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

/** Asks from now on in this tab. */
export function askWho(): void {
  try {
    sessionStorage.setItem(key, 'yes')
  } catch {
    // A browser that blocks storage asks as long as the page lives.
  }
}
