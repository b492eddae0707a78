/** Imports, exports, files. */
export const shared = {
  files: { title: '文件', view: '查看', remove: '移除', removeConfirm: '移除「{{name}}」？' },
} as const
