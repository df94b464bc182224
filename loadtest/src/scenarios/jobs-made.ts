/** The jobs that a run made and has not removed, oldest first. */
export class JobsMade {
  #kept: (readonly [jobId: string, atMs: number])[] = []
  #count = 0

  /** How many were ever made. */
  get count(): number {
    return this.#count
  }

  add(jobId: string, atMs: number): void {
    this.#count++
    this.#kept.push([jobId, atMs])
  }

  /** Takes those that were made before then, `most` of them at a time. */
  takeBefore(atMs: number, most: number): string[] {
    const old = this.#kept.slice(0, most).findIndex(([, madeAtMs]) => madeAtMs >= atMs)
    return this.#take(old === -1 ? most : old)
  }

  takeAll(): string[] {
    return this.#take(this.#kept.length)
  }

  #take(count: number): string[] {
    return this.#kept.splice(0, count).map(([jobId]) => jobId)
  }
}
