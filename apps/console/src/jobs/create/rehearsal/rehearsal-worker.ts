/** Rehearses beside the page, so that it stays quick: a message asks, and a message answers each seed. */
import { rehearseForm, type RehearsalRequest } from './rehearse-form.ts'

globalThis.addEventListener('message', ({ data }: MessageEvent<RehearsalRequest>) => {
  for (const answer of rehearseForm(data)) globalThis.postMessage(answer, {})
})
