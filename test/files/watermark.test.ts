import { deflateSync } from 'node:zlib'
import { expect } from 'chai'
import type { ObjectId } from 'mongodb'
import { KINDS, type Kind } from '../../src/files/content.ts'
import { findFile, saveBuffer } from '../../src/files/store.ts'
import { previewOf } from '../../src/files/watermark.ts'
import { closeWorkers } from '../../src/workers/pool.ts'
import { useDatabase } from '../setup/database.ts'
import { type Colour, heldAs, picture, pngOf, pointsOf } from '../setup/painting.ts'
import { PNG } from '../setup/pictures.ts'
import { endless, lockedPdf, pageOf, swelling, twoPages, unembedded } from '../setup/preview-pdfs.ts'

const PARK = 'previews'
const WORDS = '张三 2026-11-29 15:40 审核学生创业申请'
const RED: Colour = [220, 30, 30]
const GREEN: Colour = [30, 180, 60]
const BLUE: Colour = [30, 60, 220]
const YELLOW: Colour = [230, 210, 40]
const WHITE: Colour = [255, 255, 255]
const BLACK: Colour = [0, 0, 0]
const GREY: Colour = [128, 128, 128]
const FIELDS: [Colour, Colour, Colour, Colour] = [RED, GREEN, BLUE, YELLOW]

async function stored(data: Buffer, kind: Kind) {
  const { id } = await saveBuffer(data, { park: PARK, name: `card.${kind}`, type: KINDS[kind].mime, by: 'x' })
  return (await findFile(PARK, id as ObjectId))!
}

const preview = async (data: Buffer, kind: Kind, page = 1, words = WORDS, seconds?: number) =>
  previewOf(await stored(data, kind), words, page, seconds)
const seen = async (...args: Parameters<typeof preview>) => pointsOf((await preview(...args)).bytes)

const distance = (a: Colour, b: Colour): number => Math.max(...a.map((value, index) => Math.abs(value - b[index]!)))
type Points = ReturnType<typeof pointsOf>

/** What part of a region's points has another colour than `colour`. */
function changed({ at }: Points, [left, top, width, height]: number[], colour: Colour): number {
  let count = 0
  for (let y = top!; y < top! + height!; y += 1)
    for (let x = left!; x < left! + width!; x += 1) if (distance(at(x, y), colour) > 20) count += 1
  return count / (width! * height!)
}

/** The four fields' colours: of each, the one that most of its points have. */
const fieldsOf = (points: Points): (Colour | undefined)[] => {
  const [w, h] = [Math.floor(points.width / 2) - 20, Math.floor(points.height / 2) - 20]
  const places = [
    [10, 10],
    [w + 30, 10],
    [10, h + 30],
    [w + 30, h + 30],
  ]
  return places.map(([x, y]) => FIELDS.find(colour => changed(points, [x!, y!, w, h], colour) < 0.4))
}

const refusal = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'drawn',
    error => error.problem?.key ?? error.status ?? error,
  )

describe('previews with words over them', function () {
  this.timeout(60_000)
  useDatabase()
  after(closeWorkers)

  for (const [kind, encoding] of [
    ['jpg', 'JPEG'],
    ['png', 'PNG'],
    ['webp', 'WEBP'],
  ] as const) {
    it(`shows a ${kind} as a JPEG of 1,600 points at most`, async () => {
      const { bytes, pages } = await preview(picture(2400, 1800, FIELDS, encoding), kind)
      expect([bytes.subarray(0, 3).toString('hex'), pages]).to.deep.equal(['ffd8ff', 1])
      const points = pointsOf(bytes)
      expect([points.width, points.height]).to.deep.equal([1600, 1200])
      expect(fieldsOf(points)).to.deep.equal(FIELDS)
    })
  }

  it('turns a photo upright, however the camera was held', async () => {
    const photo = picture(900, 600, FIELDS)
    const [r, g, b, y] = FIELDS
    const upright = [
      [r, g, b, y],
      [g, r, y, b],
      [y, b, g, r],
      [b, y, r, g],
      [r, b, g, y],
      [b, r, y, g],
      [y, g, b, r],
      [g, y, r, b],
    ]
    for (const [index, fields] of upright.entries()) {
      const points = await seen(heldAs(photo, index + 1), 'jpg')
      expect([points.width, points.height], `held as ${index + 1}`).to.deep.equal(index < 4 ? [900, 600] : [600, 900])
      expect(fieldsOf(points), `held as ${index + 1}`).to.deep.equal(fields)
    }
  })

  it('keeps the longer side between 800 and 1,600 points', async () => {
    const sizes = []
    for (const [width, height] of [
      [3200, 40],
      [40, 3200],
      [300, 200],
      [1000, 900],
    ] as const) {
      const points = await seen(picture(width, height, [RED]), 'jpg')
      sizes.push([points.width, points.height])
    }
    expect(sizes).to.deep.equal([
      [1600, 20],
      [20, 1600],
      [800, 533],
      [1000, 900],
    ])
    const point = await seen(PNG, 'png')
    expect([point.width, point.height]).to.deep.equal([800, 800])
  })

  for (const [name, colour] of Object.entries({ paper: WHITE, black: BLACK, grey: GREY, red: RED })) {
    it(`lays the words over every part of a picture of ${name}, and hides none of it`, async () => {
      const points = await seen(picture(1600, 1200, [colour], 'PNG'), 'png')
      for (let top = 0; top < 1200; top += 200) {
        for (let left = 0; left < 1600; left += 200) {
          expect(changed(points, [left, top, 200, 200], colour), `${left}, ${top}`).to.be.within(0.02, 0.45)
        }
      }
    })
  }

  it('writes the very words, Chinese too', async () => {
    const file = await stored(picture(800, 600, [WHITE]), 'jpg')
    const drawn = async (words: string) => (await previewOf(file, words, 1)).bytes.toString('base64')
    expect(new Set([await drawn('张三'), await drawn('李四'), await drawn('Zhang San'), await drawn('')]).size).to.equal(4)
    expect(await drawn('张三')).to.equal(await drawn(' 张三\n'))
    // Characters the font lacks all look alike; these don't.
    expect(await drawn('\ue000\ue001')).to.equal(await drawn('\ue002\ue003'))
  })

  it('fits long words between the edges', async () => {
    const points = await seen(picture(1600, 1200, [WHITE]), 'jpg', 1, WORDS.repeat(4))
    for (const left of [0, 400, 800, 1200]) expect(changed(points, [left, 400, 400, 400], WHITE)).to.be.greaterThan(0.02)
  })

  describe('of a PDF', () => {
    it('shows the page that is asked for, and says how many there are', async () => {
      const file = await stored(await twoPages(RED, BLUE), 'pdf')
      for (const [page, colour] of [
        [1, RED],
        [2, BLUE],
      ] as const) {
        const { bytes, pages } = await previewOf(file, WORDS, page)
        const points = pointsOf(bytes)
        expect([pages, points.height]).to.deep.equal([2, 1600])
        expect(changed(points, [300, 300, 500, 500], colour)).to.be.within(0.02, 0.45)
      }
    })

    it('knows no page before the first and after the last; a picture has one', async () => {
      const file = await stored(await twoPages(RED, BLUE), 'pdf')
      for (const page of [0, 3, -1, 1.5, Number.NaN]) expect(await refusal(previewOf(file, WORDS, page)), `${page}`).to.equal(404)
      expect(await refusal(preview(PNG, 'png', 2))).to.equal(404)
    })

    it('draws Chinese text whose font isn’t in the file', async () => {
      const points = await seen(unembedded('学生证'), 'pdf', 1, '')
      expect(changed(points, [100, 200, 500, 150], WHITE)).to.be.within(0.05, 0.6)
    })
  })

  it('refuses what can’t be drawn', async () => {
    const jpeg = picture(1200, 900, FIELDS)
    const broken: [string, Buffer, Kind][] = [
      ['a head without points', jpeg.subarray(0, 640), 'jpg'],
      ['noise after the head', Buffer.concat([jpeg.subarray(0, 20), Buffer.alloc(2000, 7)]), 'jpg'],
      ['no picture', Buffer.from('not a picture at all'), 'png'],
      ['nothing', Buffer.alloc(0), 'webp'],
      ['half a webp', picture(400, 300, FIELDS, 'WEBP').subarray(0, 60), 'webp'],
      ['a head of a document', Buffer.from('%PDF-1.4\n'), 'pdf'],
      ['a password', await lockedPdf(), 'pdf'],
      ['a table', Buffer.from('PK'), 'xlsx'],
    ]
    for (const [what, data, kind] of broken) expect(await refusal(preview(data, kind)), what).to.equal('error.file.noPreview')
  })

  it('decodes no picture of more points than a phone takes, and no page of more than 200 inches', async () => {
    // One bit a point: 18 kB that would take 576 MB.
    const side = 12_000
    const bomb = pngOf(side, side, 1, deflateSync(Buffer.alloc(side * (side / 8 + 1))))
    const before = process.memoryUsage().rss
    expect(await refusal(preview(bomb, 'png'))).to.equal('error.file.noPreview')
    expect((process.memoryUsage().rss - before) / 1024 / 1024).to.be.lessThan(200)
    expect(await refusal(preview(pageOf(14_500, 100), 'pdf'))).to.equal('error.file.noPreview')
    expect(await refusal(preview(pageOf(14_300, 100), 'pdf'))).to.equal('drawn')
  })

  it('gives a document that swells no more than its share of memory', async () => {
    expect(await refusal(preview(swelling(), 'pdf'))).to.equal('error.file.noPreview')
    expect(fieldsOf(await seen(picture(800, 600, FIELDS), 'jpg'))).to.deep.equal(FIELDS)
  })

  it('gives up what takes too long with its thread, and goes on with the next', async () => {
    expect(await refusal(preview(endless(), 'pdf', 1, WORDS, 3))).to.equal('error.file.previewLate')
    expect(fieldsOf(await seen(picture(800, 600, FIELDS), 'jpg'))).to.deep.equal(FIELDS)
  })

  it('draws ten at once in their turns; where more than forty wait, says that it is too late', async () => {
    const file = await stored(picture(1000, 800, FIELDS), 'jpg')
    const results = await Promise.all(Array.from({ length: 10 }, () => previewOf(file, WORDS, 1)))
    expect(new Set(results.map(({ bytes }) => bytes.toString('base64'))).size).to.equal(1)
    const broken = await stored(Buffer.from('x'), 'jpg')
    const answers = await Promise.all(Array.from({ length: 60 }, () => refusal(previewOf(broken, WORDS, 1))))
    const late = answers.filter(answer => answer === 'error.file.previewLate').length
    expect(late).to.be.within(18, 19)
    expect(answers.filter(answer => answer === 'error.file.noPreview').length).to.equal(60 - late)
  })
})
