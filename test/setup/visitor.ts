import type { Application } from 'express'
import supertest from 'supertest'
import type TestAgent from 'supertest/lib/agent.js'

type Fields = Record<string, string | string[] | number | undefined>

/** A browser without a screen: keeps cookies, sends each form with its token and a one-time key. */
export class Visitor {
  readonly agent: TestAgent
  #token: string | null = null

  constructor(target: Application | string) {
    this.agent = supertest.agent(target as never)
  }

  get(path: string) {
    return this.agent.get(path).redirects(0)
  }

  /** A download, with its bytes as the body whatever their type. */
  bytes(path: string) {
    return this.get(path)
      .buffer(true)
      .parse((res, done) => {
        const parts: Buffer[] = []
        res.on('data', (part: Buffer) => parts.push(part))
        res.on('end', () => done(null, Buffer.concat(parts)))
      })
  }

  /** The CSRF token, from the forms every signed-in page (or the sign-in page) carries. */
  async token(): Promise<string> {
    if (this.#token) return this.#token
    const page = await this.get('/account')
    const html = page.status === 200 ? page.text : (await this.get('/sign-in')).text
    const found = /name="_csrf" value="([^"]+)"/.exec(html)?.[1]
    if (!found) throw new Error('no CSRF token on the page')
    this.#token = found
    return found
  }

  async post(path: string, fields: Fields = {}) {
    const body = { _csrf: await this.token(), ...fields }
    return this.agent.post(path).redirects(0).type('form').send(body)
  }

  /** A multipart form; the token comes first, as in the product's own forms. */
  async upload(path: string, fields: Fields, files: { field: string; data: Buffer; name: string }[]) {
    // The token comes with a cookie, which a request takes along when it is made.
    const token = await this.token()
    const request = this.agent.post(path).redirects(0).field('_csrf', token)
    for (const [name, value] of Object.entries(fields)) if (value !== undefined) request.field(name, String(value))
    for (const { field, data, name } of files) request.attach(field, data, name)
    return request
  }

  async signIn(email: string, password: string): Promise<this> {
    const answer = await this.post('/sign-in', { email, password })
    if (answer.status !== 303) throw new Error(`sign-in of ${email}: ${answer.status}`)
    this.#token = null
    return this
  }
}
