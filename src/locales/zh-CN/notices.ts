import { applicationNotices } from './applications-told.ts'
import { clubNotices } from './club-told.ts'
import { eventNotices } from './events-staff.ts'
import { leadNotices } from './leads.ts'
import { leadBoardNotices } from './leads-board.ts'
import { leadEventNotices } from './leads-events.ts'
import { holdNotices } from './leads-holds.ts'
import { leadIntakeNotices } from './leads-intake.ts'
import { visitNotices } from './leads-mails.ts'
import { leadMatchNotices } from './leads-match.ts'
import { offerNotices } from './leads-offers.ts'
import { leadReportNotices } from './leads-report.ts'
import { mentoringNotices } from './mentoring-told.ts'
import { trusteeNotices } from './trusteeship-notes.ts'

/** Notifications and mails: title and text. */
export const notice = {
  notice: {
    mentoring: mentoringNotices,
    leaseSubmitted: { title: '合同 {{number}} 待审批', text: '{{tenant}} 的合同已提交，房源已占用，请审批。' },
    leaseApproved: { title: '合同 {{number}} 已批准', text: '{{tenant}} 的合同已批准，可以签署。' },
    leaseReturned: { title: '合同 {{number}} 被退回', text: '{{tenant}} 的合同被退回：{{comment}}' },
    leaseExpiring: { title: '合同 {{number}} 还有 {{days}} 天到期', text: '{{tenant}} 的租期到 {{end}}。请联系续签或安排退租。' },
    ownLeaseExpiring: { title: '贵企业的合同 {{number}} 还有 {{days}} 天到期', text: '租期到 {{end}}。需要续签时，请联系园区。' },
    trustee: trusteeNotices,
    importDone: { title: '导入完成', text: '共导入 {{count}} 行。' },
    importFailed: { title: '导入未完成', text: '没有写入任何数据。请查看原因后重试。' },
    invitation: {
      invited: { title: '邀请：{{title}}', text: '{{name}}，您好：{{who}} 邀请您参加“{{title}}”。\n时间：{{when}}\n地点：{{place}}' },
      changed: { title: '有变动：{{title}}', text: '{{name}}，您好：{{who}} 的“{{title}}”有变动。\n时间：{{when}}\n地点：{{place}}' },
      calledOff: { title: '已取消：{{title}}', text: '{{name}}，您好：{{who}} 的“{{title}}”（{{when}}）不再邀请您参加，或已取消。' },
      invitedSeries: {
        title: '邀请：{{title}}（{{count}} 次）',
        text: '{{name}}，您好：{{who}} 邀请您参加“{{title}}”，共 {{count}} 次，首次 {{first}}，最后一次在 {{last}}。\n地点：{{place}}',
      },
      changedSeries: {
        title: '有变动：{{title}}（{{count}} 次）',
        text: '{{name}}，您好：{{who}} 的“{{title}}”有 {{count}} 次变动，从 {{first}} 起，到 {{last}} 止。\n地点：{{place}}',
      },
      calledOffSeries: {
        title: '已取消：{{title}}（{{count}} 次）',
        text: '{{name}}，您好：{{who}} 的“{{title}}”已取消 {{count}} 次，从 {{first}} 起，到 {{last}} 止。',
      },
      edited: { title: '预订 {{code}} 已修改', text: '{{room}}，{{when}}，主题：{{title}}。' },
    },
    bookingSeries: {
      booked: {
        title: '周期预订成功：{{room}}（{{count}} 次）',
        text: '“{{title}}”，首次 {{first}}，最后一次在 {{last}}。日历附件包含全部日期。',
      },
      requested: {
        title: '周期预订已提交：{{room}}（{{count}} 次）',
        text: '“{{title}}”，首次 {{first}}，最后一次在 {{last}}。等待园区审批。',
      },
      waiting: {
        title: '周期预订待审批：{{room}}（{{count}} 次）',
        text: '{{who}} 申请“{{title}}”，首次 {{first}}，最后一次在 {{last}}。请审批。',
      },
      moved: { title: '周期预订有变动：{{room}}（{{count}} 次）', text: '“{{title}}”，从 {{first}} 起，到 {{last}} 止。日历附件已更新。' },
      cancelled: { title: '周期预订已取消：{{room}}（{{count}} 次）', text: '“{{title}}”，从 {{first}} 起，到 {{last}} 止。' },
      blocked: {
        title: '因场地停用而取消 {{count}} 个预订',
        text: '很抱歉，从 {{first}} 起、到 {{last}} 止的 {{count}} 个预订不能如期举行：{{reason}} 费用和免费时长已退回。',
      },
    },
    event: eventNotices,
    application: applicationNotices,
    club: clubNotices,
    lead: leadNotices,
    inquiry: leadIntakeNotices,
    board: leadBoardNotices,
    match: leadMatchNotices,
    hold: holdNotices,
    offer: offerNotices,
    leadEvent: leadEventNotices,
    visit: visitNotices,
    leadReport: leadReportNotices,
    waitlist: {
      offered: {
        title: '有空了：{{room}} {{when}}',
        text: '您候补的时间空出来了，为您保留到 {{until}}。请在此之前预订，过时会让给下一位。「{{title}}」',
      },
      lapsed: {
        title: '保留已过期：{{room}} {{when}}',
        text: '为「{{title}}」保留的时间已过，让给了下一位。仍有需要时，可以再次加入候补。',
      },
      closed: { title: '候补已结束：{{room}} {{when}}', text: '这段时间场地停用：{{reason}} 您候补的「{{title}}」不能安排。' },
      retired: { title: '候补已结束：{{room}} {{when}}', text: '这个场地届时不再使用，您候补的「{{title}}」不能安排。' },
      desk: {
        offered: {
          title: '请联系候补单位：{{room}} {{when}}',
          text: '{{who}} 候补的时间空出来了，保留到 {{until}}。请致电确认，并代为预订或放弃。',
        },
        lapsed: { title: '候补保留已过期：{{room}} {{when}}', text: '为 {{who}} 保留的时间已过，让给了下一位。' },
        closed: { title: '候补已结束：{{room}} {{when}}', text: '场地停用：{{reason}} 请告知 {{who}}。' },
        retired: { title: '候补已结束：{{room}} {{when}}', text: '这个场地届时不再使用。请告知 {{who}}。' },
      },
    },
    booking: {
      booked: { title: '已预订 {{room}} {{when}}', text: '「{{title}}」已预订（{{who}}）。预订号 {{code}}。' },
      requested: { title: '已申请 {{room}} {{when}}', text: '「{{title}}」的申请已提交（{{who}}），确认后会再通知您。预订号 {{code}}。' },
      waiting: { title: '待确认：{{room}} {{when}}', text: '{{who}} 申请使用，请确认或退回。预订号 {{code}}。' },
      approved: { title: '已确认：{{room}} {{when}}', text: '「{{title}}」的申请已通过。预订号 {{code}}。' },
      rejected: { title: '未通过：{{room}} {{when}}', text: '「{{title}}」的申请未通过：{{reason}} 预订号 {{code}}。' },
      lost: {
        title: '未通过：{{room}} {{when}}',
        text: '「{{title}}」申请的时间已由另一份申请占用，或开始前未能确认，请换一个时间或场地。预订号 {{code}}。',
      },
      moved: { title: '已改期：{{room}} {{when}}', text: '「{{title}}」改到了上述时间和场地。预订号 {{code}}。' },
      cancelled: { title: '已取消：{{room}} {{when}}', text: '「{{title}}」已取消。{{reason}} 预订号 {{code}}。' },
      released: { title: '已释放：{{room}} {{when}}', text: '「{{title}}」开始后未签到，剩余时间已让给其他人。预订号 {{code}}。' },
      blocked: {
        title: '因场地停用而取消：{{room}} {{when}}',
        text: '很抱歉，「{{title}}」不能如期举行：{{reason}} 费用和免费时长已退回。预订号 {{code}}。',
      },
    },
  },
  mail: {
    signature: '—— 智谷园区管理平台（系统邮件，请勿回复）',
    reset: { title: '设置新密码', text: '{{name}}，您好：请在 {{hours}} 小时内打开下面的链接设置新密码。如非本人操作，请忽略此邮件。' },
    invite: { title: '{{place}} 邀请您加入', text: '{{by}} 邀请您加入 {{place}}。请在 {{days}} 天内打开下面的链接接受邀请。' },
  },
} as const
