import type { MongoClient } from 'mongodb'

/** The same pages in other states: each stage of a lease, an empty list, another day, a table, other roles' own desks. */
export async function moreStates(client: MongoClient): Promise<Record<string, string[]>> {
  const park = '/parks/dongxin'
  const ids = async (name: string, filter: object): Promise<string[]> => {
    const row = await client
      .db()
      .collection(name)
      .findOne({ park: 'dongxin', ...filter })
    return row ? [String(row._id)] : []
  }
  const stages = await Promise.all([
    ...['draft', 'review', 'approved'].map(state => ids('leases', { state })),
    ids('leases', { terminated: { $ne: null } }),
    ids('leases', { amending: { $ne: null } }),
  ])
  const people = ['owner', 'applicant'].map(who => `${who}.dongxin@example.com`)
  const [owner, applicant] = await Promise.all(people.map(email => client.db().collection('users').findOne({ email })))
  const sessions = await Promise.all([
    ids('mentoringsessions', { contact: owner?._id, state: 'held' }),
    ids('mentoringsessions', { contact: owner?._id, state: 'booked' }),
    ids('mentoringsessions', { 'team.user': applicant?._id, state: 'held' }),
  ])
  const leads = await Promise.all([ids('leads', { owner: null, state: 'open' }), ids('leads', { state: 'lost' })])
  const programme = `${park}/programme`
  const applications = `${park}/applications`
  const asked = await ids('applications', { user: applicant?._id, state: 'asked' })
  const ended = await ids('applications', { state: 'done', kind: 'registration' })
  const half = await ids('applications', { state: 'draft' })
  const ownOnes = await ids('applications', { user: owner?._id, state: 'done' })
  const tasks = ['founders', 'company', 'address', 'form', 'documents'].map(task => `/tasks/${task}`)
  const places = await client.db().collection('attendees').find({ park: 'dongxin', user: owner?._id }).toArray()
  const paper = places.find(one => one['certificate'])?.['certificate'] as { number: string; code: string } | undefined
  const notices = await client.db().collection('notices').find({ park: 'dongxin', 'audience.kind': 'all' }).toArray()
  const hidden = await ids('listings', { hidden: { $ne: null } })
  const club = `${park}/notices`
  const mentoring = `${park}/mentoring`
  const checked = await ids('imports', { state: 'checked' })
  const [building] = await client.db().collection('buildings').find({ park: 'dongxin' }).toArray()
  const plan = `${park}/buildings/${building?.['code']}`
  const nothing = ['units', 'leases', 'tenants', 'rooms/list', 'search', 'audit'].map(list => `${park}/${list}?q=nothing-is-called-so`)
  const grids = ['', '/week', '/month', '/find'].map(view => `${park}/rooms${view}`)
  const gridless = ['', '/week', '/month', '/find'].map(view => `${park}/rooms${view}?people=9999`)
  return {
    'manager.dongxin': [
      ...ended.map(id => `${applications}/${id}`),
      `${park}/reports/applications?from=2020-01-01&to=2020-03-01`,
      ...gridless,
      `${mentoring}?week=2020-01-06`,
      `${mentoring}/sessions?tab=past`,
      `${park}/reports/mentoring?from=2020-01&to=2020-03`,
      ...['?tab=draft', '?tab=past', '?q=nothing-is-called-so', '/spring-forum', '/open-day', '/founder-training-winter'].map(
        page => programme + page,
      ),
      ...['/attendees?state=waiting', '/attendees?q=nobody', '/check-in', '/check-in?q=nobody', '/edit'].map(
        page => `${programme}/founder-training-winter${page}`,
      ),
      `${park}/reports/events?from=2020-01-01&to=2020-03-01`,
      ...['draft', 'past', 'withdrawn'].map(tab => `${club}?tab=${tab}`),
      ...notices.flatMap(one => [`${club}/${one._id}`, `${club}/${one._id}/readers`]),
      ...notices.filter(one => one['state'] === 'draft').map(one => `${club}/${one._id}/edit`),
      ...[`${club}?q=nothing-is-called-so`, `${park}/directory?hidden=1`, `${park}/directory?q=nothing-is-called-so`],
      ...hidden.map(id => `${park}/directory/${id}`),
      ...stages.flat().map(id => `${park}/leases/${id}`),
      ...leads.flat().map(id => `${park}/leads/${id}`),
      ...[
        '?tab=pool',
        '?tab=overdue',
        '?tab=lost',
        '?q=nothing-is-called-so',
        '/board?owner=all',
        '/visits?view=list',
        '/holds?tab=all',
      ].map(page => `${park}/leads${page}`),
      `${park}/reports/leads?from=2020-01-01&to=2020-03-01`,
      ...checked.map(id => `${park}/imports/${id}`),
      ...nothing,
      `${park}/search?q=hz`,
      `${plan}?view=table`,
      `${plan}?on=2028-06-30`,
      `${plan}?state=vacant`,
      `${plan}/floors/2F?view=table`,
    ],
    'owner.dongxin': [
      applications,
      ...ownOnes.map(id => `${applications}/${id}`),
      mentoring,
      ...[club, `${club}?tab=past`, `${club}?q=nothing-is-called-so`, `${park}/directory`],
      ...notices.filter(one => one['state'] !== 'draft').map(one => `${club}/${one._id}`),
      `${park}/trusteeship`,
      `${park}/attendance`,
      `${park}/events/founder-training-winter`,
      ...places.map(one => `${park}/attendance/${one._id}`),
      `${mentoring}/actions`,
      ...[...sessions[0]!, ...sessions[1]!].map(id => `${mentoring}/sessions/${id}`),
      `${park}/desk`,
      `${park}/leases`,
      `${park}/rooms/list`,
      ...grids,
    ],
    'applicant.dongxin': [
      applications,
      ...asked.flatMap(id => ['', ...tasks].map(page => `${applications}/${id}${page}`)),
      `${park}/applications/new?service=company-registration`,
      mentoring,
      `${park}/directory`,
      ...sessions[2]!.map(id => `${mentoring}/sessions/${id}`),
    ],
    'mentor.dongxin': [`${mentoring}/sessions?tab=all`, `${mentoring}/actions`],
    'promotion.dongxin': [`${park}/desk`],
    'founder4.dongxin': [applications, ...half.flatMap(id => ['/tasks', ...tasks, '/check'].map(page => `${applications}/${id}${page}`))],
    'reception.dongxin': [
      ...['', '?tab=late', '?tab=waiting', '?tab=ended', '?q=nothing-is-called-so'].map(page => applications + page),
      ...asked.map(id => `${applications}/${id}`),
      `${park}/desk`,
      `${programme}/founder-training-autumn/check-in`,
      `${park}/units`,
    ],
    'finance.dongxin': [`${park}/desk`],
    'official.wucheng': ['/parks/wucheng-hangzhou/desk', '/parks/wucheng-hangzhou/leases'],
    admin: ['/'],
    anonymous: [
      ...['', '/founder-training-winter', '/open-day', '/books-clinic', '?page=2'].map(page => `${park}/events${page}`),
      '/parks/jindong-hangzhou/events',
      `${park}/attendance`,
      `${park}/certificates?number=${paper?.number}&code=${paper?.code}`,
      `${park}/certificates?number=DONGXIN-2026-0001&code=WRONG`,
      '/parks/wucheng-hangzhou',
      '/parks/jindong-hangzhou',
      `${park}?show=all`,
    ],
  }
}
