/** What is payable. */
export const charge = {
  kinds: { rent: '租金', reduction: '减免', deposit: '押金', clawback: '追回免租', fee: '费用', adjustment: '调整' },
} as const
