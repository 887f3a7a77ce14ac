import { createServer, type IncomingMessage, type Server } from 'node:http'

export interface Told {
  readonly status?: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface Heard {
  /** `POST /requests?limit=1`. */
  readonly call: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** An API on this machine that answers what a test tells it to, route by route, and keeps what it heard. The last answer of a route is given again. */
export class LoopbackApi {
  readonly heard: readonly Heard[]
  readonly url: string
  readonly #server: Server

  private constructor(server: Server, url: string, heard: readonly Heard[]) {
    this.#server = server
    this.url = url
    this.heard = heard
  }

  static async start(routes: Readonly<Record<string, readonly Told[]>>): Promise<LoopbackApi> {
    const left = new Map(Object.entries(routes).map(([route, answers]) => [route, [...answers]]))
    const heard: Heard[] = []
    const server = createServer(async (request, response) => {
      const body = (await request.toArray()).join('')
      const call = `${request.method} ${request.url}`
      heard.push({ call, headers: request.headers, body })
      const answers = left.get(call) ?? []
      const told = (answers.length > 1 ? answers.shift() : answers[0]) ?? { status: 404, body: 'no such route' }
      response.writeHead(told.status ?? 200, { 'content-type': 'application/json', ...told.headers })
      response.end(typeof told.body === 'string' ? told.body : JSON.stringify(told.body))
    })
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('the server has no port')
    return new LoopbackApi(server, `http://127.0.0.1:${address.port}`, heard)
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise<void>(done => this.#server.close(() => done()))
  }
}
