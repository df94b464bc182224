/** Topics of load runs. `NAME` stands for the thing in policies. */
export const topics = {
  /** A device may publish there. */
  own: (name: string): string => `load/own/${name}`,
  /** Others may publish there, the device may read it. */
  inbox: (name: string): string => `load/inbox/${name}`,
  /** Nobody may: no statement allows it. */
  unnamed: (name: string): string => `load/unnamed/${name}`,
  /** Nobody may: a statement denies what another allows. */
  sealed: (name: string): string => `load/own/${name}/sealed`,
  telemetry: (name: string): string => `load/telemetry/${name}`,
  /** Below the readings, one level deeper: who hears `+` does not hear it. */
  broadcast: 'load/telemetry/all/word',
  /** A device may publish there while a policy that changes says so. */
  churn: (name: string): string => `load/churn/${name}`,
} as const

/** Requests of a thing's jobs over MQTT. */
export function jobsTopic(name: string, request: string): string {
  return `$aws/things/${name}/jobs/${request}`
}
