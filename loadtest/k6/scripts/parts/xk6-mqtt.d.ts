/**
 * The part of `k6/x/mqtt`, Grafana's official MQTT extension, that the scripts use, after its
 * documentation of k6 2.3.
 */
declare module 'k6/x/mqtt' {
  export class Client {
    constructor(options?: { client_id?: string })
    /** Waits for the connection; throws when there is none and nobody listens to `error`. */
    connect(url: string, options?: ConnectOptions): void
    /** Resolves when the message has left (QoS 0) or was acknowledged (QoS 1). */
    publishAsync(topic: string, payload: string | ArrayBuffer, options?: QosOption): Promise<void>
    /** Resolves when the server has answered. */
    subscribeAsync(topic: string | string[], options?: QosOption): Promise<void>
    /** Disconnects; also ends the attempts to connect again. */
    end(): void
    /** `connect` comes after each connection, `reconnect` before each attempt to get one back. */
    on(event: 'connect' | 'end' | 'reconnect', listener: () => void): void
    on(event: 'message', listener: (topic: string, payload: ArrayBuffer) => void): void
  }

  interface ConnectOptions {
    /** Seconds. */
    keepalive?: number
    /** Milliseconds. */
    connect_timeout?: number
    clean_session?: boolean
  }

  interface QosOption {
    qos?: 0 | 1
  }
}
