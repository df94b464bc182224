/** What kept a page from being shown, told apart: it did not come, or it came and could not be drawn. */

/** The page's code did not come. */
export class PageNotLoadedError extends Error {
  override readonly name = 'PageNotLoaded'
  constructor(cause: unknown) {
    super('The server did not answer, or is of another version by now: load the console anew.', {
      cause,
    })
  }
}

/** Loads a page. @throws PageNotLoadedError */
export async function loadedPage<Loaded>(load: () => Promise<Loaded>): Promise<Loaded> {
  try {
    return await load()
  } catch (cause) {
    throw new PageNotLoadedError(cause)
  }
}

/** The fault to show: a `TypeError` of the page's own code is no server that does not answer. */
export function pageFailure(thrown: unknown): unknown {
  return thrown instanceof TypeError ? new Error(thrown.message, { cause: thrown }) : thrown
}
