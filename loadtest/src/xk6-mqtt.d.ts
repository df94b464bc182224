/** The part of grafana/xk6-mqtt that the script uses. */
declare module 'k6/x/mqtt' {
  export class Client {
    constructor(options?: { client_id?: string })
    on(event: 'connect' | 'end' | 'reconnect', listener: () => void): void
    on(event: 'message', listener: (topic: string, payload: ArrayBuffer) => void): void
    on(event: 'error', listener: (error: Error) => void): void
    connect(url: string, options?: { clean_session?: boolean; keepalive?: number }): void
    subscribe(topic: string | string[], options?: { qos?: 0 | 1 }): void
    publish(topic: string, message: string | ArrayBuffer, options?: { qos?: 0 | 1 }): void
    end(): void
  }
}
