/** The tab's storage, or one that lasts as long as the page where the browser blocks it. */

/** What a sign-in needs of a storage. */
export type TabStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/**
 * Session storage if it can be used: browsers that block cookies throw already when it is named, and
 * some when it is written.
 */
export function tabStorage(sessionStorageOf: () => Storage): TabStorage {
  try {
    const storage = sessionStorageOf()
    const probe = 'muster.probe'
    storage.setItem(probe, '')
    storage.removeItem(probe)
    return storage
  } catch {
    return pageStorage()
  }
}

function pageStorage(): TabStorage {
  const items = new Map<string, string>()
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => {
      items.set(key, value)
    },
    removeItem: (key) => {
      items.delete(key)
    },
  }
}
