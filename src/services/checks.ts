import { findLinked } from '../files/store.ts'
import type { Check, Report, Subject } from '../lib/check.ts'
import { eachRecord, everyPark } from '../parks/each.ts'
import { problemsOf, type ServiceContent, sameContent } from './content.ts'
import { Service, ServiceVersion } from './service.ts'

/** What must hold of the catalogue, whatever wrote it: versions are numbered without a gap, and an entry says truthfully which is offered. */
const subjectOf = ({ park, _id, code }: Service): Subject => ({ park, kind: 'service', id: _id, label: code })

const versionsOf = ({ park, _id }: Service) => ServiceVersion.find({ park, service: _id }).sort({ no: 1 }).lean().cursor()

async function checkVersions(service: Service, report: Report): Promise<void> {
  let [count, newest] = [0, null as ServiceContent | null]
  for await (const { no, content } of versionsOf(service)) {
    count += 1
    newest = content as ServiceContent
    if (no !== count) report(`has version ${no} where ${count} should come`, subjectOf(service))
    for (const { key } of problemsOf(newest)) report(`published version ${no}, which can’t be: ${key}`, subjectOf(service))
  }
  if (service.published !== count) report(`says version ${service.published} is the newest; there are ${count}`, subjectOf(service))
  if ((service.state === 'draft') !== (count === 0)) report(`is ${service.state} with ${count} published versions`, subjectOf(service))
  if (service.pending !== (!newest || !sameContent(service.content, newest)))
    report(`says that it ${service.pending ? 'has' : 'has no'} changes to publish, wrongly`, subjectOf(service))
}

async function checkExamples(service: Service, report: Report): Promise<void> {
  const examples = new Map<string, ServiceContent['documents'][number]['example']>()
  const note = ({ documents }: ServiceContent) => {
    for (const { example } of documents) if (example) examples.set(String(example), example)
  }
  note(service.content)
  for await (const { content } of versionsOf(service)) note(content as ServiceContent)
  for (const [id, example] of examples) {
    if (!(await findLinked(service.park, example!, 'service', service._id)))
      report(`shows file ${id}, which isn’t its own`, subjectOf(service))
  }
}

async function checkOwners(report: Report): Promise<void> {
  for (const { _id: park } of await everyPark())
    for await (const { _id, service, no } of ServiceVersion.find({ park }, { service: 1, no: 1 }).lean().cursor())
      if (!(await Service.exists({ park, _id: service })))
        report(`is version ${no} of a service that isn’t there`, { park, kind: 'serviceversion', id: _id })
}

export const checks: Check[] = [
  { name: 'Services say which version is offered', run: report => eachRecord<Service>(Service, service => checkVersions(service, report)) },
  { name: 'Examples of documents are there', run: report => eachRecord<Service>(Service, service => checkExamples(service, report)) },
  { name: 'Versions belong to a service', run: checkOwners },
]
