/** Signs in to a server as a browser does and keeps the cookies: what every measured request carries. */
const PROXY = { 'x-forwarded-proto': 'https' }

export class BenchVisitor {
  readonly url: string
  #jar = new Map<string, string>()
  #token = ''

  constructor(url: string) {
    this.url = url
  }

  get headers(): Record<string, string> {
    const cookie = [...this.#jar].map(([name, value]) => `${name}=${value}`).join('; ')
    return cookie ? { ...PROXY, cookie } : { ...PROXY }
  }

  #keep(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!
      this.#jar.set(name!, value!)
    }
  }

  async get(path: string): Promise<{ status: number; text: string }> {
    const response = await fetch(this.url + path, { headers: this.headers, redirect: 'manual' })
    this.#keep(response)
    return { status: response.status, text: await response.text() }
  }

  async #send(path: string, fields: Record<string, string>): Promise<Response> {
    const body = new URLSearchParams({ _csrf: this.#token, ...fields })
    const response = await fetch(this.url + path, { method: 'POST', headers: this.headers, body, redirect: 'manual' })
    this.#keep(response)
    return response
  }

  async post(path: string, fields: Record<string, string>): Promise<{ status: number; text: string }> {
    const response = await this.#send(path, fields)
    return { status: response.status, text: await response.text() }
  }

  /** A form whose answer is only looked at for where it leads. */
  async send(path: string, fields: Record<string, string>): Promise<{ status: number; location: string | null }> {
    const response = await this.#send(path, fields)
    await response.arrayBuffer()
    return { status: response.status, location: response.headers.get('location') }
  }

  /** A form with files; its token comes first. The answer is only looked at for its status. */
  async upload(path: string, fields: Record<string, string>, field: string, file: Blob, name: string): Promise<number> {
    const body = new FormData()
    for (const [key, value] of Object.entries({ _csrf: this.#token, ...fields })) body.set(key, value)
    body.append(field, file, name)
    const response = await fetch(this.url + path, { method: 'POST', headers: this.headers, body, redirect: 'manual' })
    this.#keep(response)
    await response.arrayBuffer()
    return response.status
  }

  async #readToken(path: string): Promise<void> {
    const { text } = await this.get(path)
    const found = /name="_csrf" value="([^"]+)"/.exec(text)?.[1]
    if (!found) throw new Error(`no CSRF token on ${path}`)
    this.#token = found
  }

  async signIn(email: string, password: string): Promise<this> {
    await this.#readToken('/sign-in')
    const { status, text } = await this.post('/sign-in', { email, password })
    if (status !== 303) throw new Error(`sign-in of ${email}: ${status} ${text.slice(0, 300)}`)
    await this.#readToken('/account')
    return this
  }

  /** The session's id: what the floor looks up. */
  get session(): string {
    const cookie = decodeURIComponent([...this.#jar].find(([name]) => name.endsWith('sid'))?.[1] ?? '')
    return /^s:([^.]+)\./.exec(cookie)?.[1] ?? ''
  }
}
