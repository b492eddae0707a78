import { createServer, type IncomingMessage } from 'node:http'

/** Serves a floor's answers as JSON and says where, until it is told to stop. */
export function serveFloor(answer: (req: IncomingMessage) => Promise<unknown>): void {
  const server = createServer((req, res) => {
    answer(req).then(
      data => {
        res.setHeader('content-type', 'application/json; charset=utf-8')
        res.end(JSON.stringify(data))
      },
      error => {
        res.statusCode = 500
        res.end(String(error))
      },
    )
  })
  process.on('SIGTERM', () => process.exit(0))
  server.listen(0, '127.0.0.1', () => {
    process.stdout.write(`The floor is ready: http://127.0.0.1:${(server.address() as { port: number }).port}\n`)
  })
}
