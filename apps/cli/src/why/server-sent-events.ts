/** Server-sent events, as far as this program is sent any: whole lines of `data`. */

/** Gives the data of each event to `tell`, until the server ends the stream or is gone. */
export async function serverSentEvents(
  body: ReadableStream<Uint8Array>,
  tell: (data: string) => void,
): Promise<void> {
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for await (const bytes of body) {
      rest += decoder.decode(bytes, { stream: true })
      const events = rest.split('\n\n')
      rest = events.pop() ?? ''
      for (const event of events) {
        const data = event.split('\n').flatMap((line) => /^data: ?(.*)$/.exec(line)?.[1] ?? [])
        if (data.length > 0) tell(data.join('\n'))
      }
    }
  } catch {
    // The connection broke: the stream is over all the same.
  }
}
