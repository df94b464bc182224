/** A JavaScript or TypeScript module that says what devices of a group do. */
export interface OwnModule {
  /** From the scenario's folder; once loaded, an absolute path. */
  readonly file: string
  /** Handed to the module as they are. */
  readonly options?: Readonly<Record<string, unknown>>
  /** Templates of the topics that it publishes to, which the fleet's policy then allows. */
  readonly topics?: readonly string[]
}
