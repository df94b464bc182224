import type { OTAUpdateStatus } from '@aws-sdk/client-iot'
import type { OtaUpdate } from './ota-update.ts'
import type { Stream } from './stream.ts'
import type { ListPosition, StreamsState } from './streams-state.ts'

/** Keeps everything in memory: for tests. */
export class MemoryStreamsState implements StreamsState {
  readonly #streams = new Map<string, Stream>()
  readonly #updates = new Map<string, OtaUpdate>()

  stream(streamId: string): Stream | undefined {
    return this.#streams.get(streamId)
  }

  putStream(stream: Stream): void {
    this.#streams.set(stream.streamId, stream)
  }

  deleteStream(streamId: string): void {
    this.#streams.delete(streamId)
  }

  countStreams(): number {
    return this.#streams.size
  }

  streams(ascending: boolean, after: ListPosition | undefined, limit: number): readonly Stream[] {
    return page([...this.#streams.values()], ({ streamId }) => streamId, ascending, after, limit)
  }

  otaUpdate(otaUpdateId: string): OtaUpdate | undefined {
    return this.#updates.get(otaUpdateId)
  }

  putOtaUpdate(update: OtaUpdate): void {
    this.#updates.set(update.otaUpdateId, update)
  }

  deleteOtaUpdate(otaUpdateId: string): void {
    this.#updates.delete(otaUpdateId)
  }

  otaUpdates(
    status: OTAUpdateStatus | undefined,
    after: ListPosition | undefined,
    limit: number,
  ): readonly OtaUpdate[] {
    const wanted = [...this.#updates.values()].filter(
      (update) => status === undefined || update.status === status,
    )
    return page(wanted, ({ otaUpdateId }) => otaUpdateId, false, after, limit)
  }
}

function page<Item extends { readonly createdAtMs: number }>(
  items: readonly Item[],
  idOf: (item: Item) => string,
  ascending: boolean,
  after: ListPosition | undefined,
  limit: number,
): readonly Item[] {
  const compare = (one: ListPosition, other: ListPosition): number => {
    const byTime = one.createdAtMs - other.createdAtMs
    const order = byTime === 0 ? (one.id < other.id ? -1 : Number(one.id > other.id)) : byTime
    return ascending ? order : -order
  }
  const placeOf = (item: Item): ListPosition => ({
    createdAtMs: item.createdAtMs,
    id: idOf(item),
  })
  return items
    .filter((item) => after === undefined || compare(placeOf(item), after) > 0)
    .sort((one, other) => compare(placeOf(one), placeOf(other)))
    .slice(0, limit)
}
