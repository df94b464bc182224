/** What a run and its worker processes say to each other. */

/** To a worker: how it begins, once, then orders. */
export type ToWorker<Start, Command> = { readonly start: Start } | { readonly order: Command }

/** From a worker. */
export type FromWorker<Counts> =
  | { readonly type: 'ready' }
  | { readonly type: 'counts'; readonly counts: Counts }
  /** An order has been carried out. */
  | { readonly type: 'done'; readonly order: string }
  | { readonly type: 'failed'; readonly message: string }
