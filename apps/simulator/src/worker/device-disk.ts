import { Image, type OtaFile, type RunningJob } from '@muster/device'

/** What a device has on its disk of the execution that it works on: it outlives a power cut. */
export class DeviceDisk {
  readonly #images = new Map<string, Image>()

  /** What was downloaded of a file so far. */
  image({ executionNumber, jobId }: RunningJob, file: OtaFile, blockBytes: number): Image {
    const name = `${jobId}/${executionNumber}/${file.fileId}`
    const image = this.#images.get(name) ?? new Image(file.bytes, blockBytes)
    this.#images.set(name, image)
    return image
  }

  clear(): void {
    this.#images.clear()
  }
}
