import type { Types } from 'mongoose'
import type { Actor } from '../accounts/identity.ts'
import { User } from '../accounts/user.ts'
import { today } from '../lib/days.ts'
import { scopedFind } from '../lib/park-scope.ts'
import { textIn } from '../lib/text.ts'
import { LANGS, type Lang, type Params } from '../locales/index.ts'
import { notify } from '../notifications/notification.ts'
import type { Park } from '../parks/park.ts'
import { type Notice, NoticeRead, noticePath } from './notice.ts'
import { companiesFor, postsOf } from './reading.ts'

/** Who is told of a notice, in the transaction of the step: a few reads and writes, however many companies it is for. */
type News = 'published' | 'corrected' | 'withdrawn' | 'reminder'

/** The beginning is enough to know whether it matters; the page has the rest, and reading it is what is counted. */
const EXCERPT = 160

const excerpt = (text: string): string => {
  const letters = [...text.replace(/\s+/g, ' ').trim()]
  return letters.length > EXCERPT ? `${letters.slice(0, EXCERPT).join('')}…` : letters.join('')
}

const paramsOf = (park: Park, notice: Notice, note: string, lang: Lang): Params => ({
  park: textIn(park.name, lang).text,
  title: textIn(notice.title, lang).text,
  excerpt: excerpt(textIn(notice.text, lang).text),
  note,
})

/** Everybody a notice is for today: each person once, however many of the companies they are of. */
async function readersOf(park: Park, { audience }: Notice): Promise<User[]> {
  const companies = await companiesFor(park._id, today(park.zone), audience)
  const posts = await postsOf(
    park._id,
    companies.map(one => one.tenant),
  )
  return User.find({ _id: { $in: posts.map(one => one.user) }, disabled: false }, { email: 1, lang: 1 }).lean() as unknown as Promise<
    User[]
  >
}

async function tell(park: Park, notice: Notice, users: User[], news: News, note: string, by: Actor): Promise<number> {
  const told = users.filter(user => String(user._id) !== by.id)
  const about = { park: park._id, key: `club.${news}`, path: noticePath(notice), mail: notice.important }
  for (const lang of LANGS) {
    const params = paramsOf(park, notice, note, lang)
    await notify(
      told.filter(user => user.lang === lang),
      { ...about, params },
    )
  }
  return told.length
}

/** Tells everybody it is for, in the bell, and by mail where it is important. Answers how many people that were. */
export const tellAudience = async (park: Park, notice: Notice, news: Exclude<News, 'reminder'>, note: string, by: Actor): Promise<number> =>
  tell(park, notice, await readersOf(park, notice), news, note, by)

/** The same for those who haven't read it as it is now. */
export async function tellUnread(park: Park, notice: Notice, by: Actor): Promise<number> {
  const { _id, edition } = notice
  const reads = await scopedFind<{ user: Types.ObjectId }>(
    NoticeRead,
    { park: park._id, notice: _id, edition },
    { projection: { user: 1 } },
  )
  const read = new Set(reads.map(one => String(one.user)))
  const waiting = (await readersOf(park, notice)).filter(user => !read.has(String(user._id)))
  return tell(park, notice, waiting, 'reminder', '', by)
}
