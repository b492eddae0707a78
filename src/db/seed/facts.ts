import type { District } from '../../parks/district.ts'
import type { WholePark } from '../../parks/park.ts'

/** What was published about the three sites in the first half of 2020; nothing here is invented. `provisional` marks working names. */
type Fact<T> = Omit<T, 'version' | 'settings' | 'illustrative'>

export const DISTRICTS: District[] = [
  {
    _id: 'xiacheng',
    name: { zh: '杭州市下城区', en: 'Xiacheng District, Hangzhou' },
    bureau: { zh: '杭州市下城区科学技术局', en: 'Science and Technology Bureau of Xiacheng District' },
    city: { zh: '杭州', en: 'Hangzhou' },
    validFrom: '1949-05-01',
    validTo: '9999-12-31',
    successor: null,
    leadsKnown: false,
  },
  {
    _id: 'wucheng',
    name: { zh: '金华市婺城区', en: 'Wucheng District, Jinhua' },
    bureau: { zh: '金华市婺城区科技局', en: 'Science and Technology Bureau of Wucheng District' },
    city: { zh: '金华', en: 'Jinhua' },
    validFrom: '2000-12-31',
    validTo: '9999-12-31',
    successor: null,
    leadsKnown: false,
  },
  {
    _id: 'jindong',
    name: { zh: '金华市金东区', en: 'Jindong District, Jinhua' },
    bureau: { zh: '金华市金东区科技局', en: 'Science and Technology Bureau of Jindong District' },
    city: { zh: '金华', en: 'Jinhua' },
    validFrom: '2000-12-31',
    validTo: '9999-12-31',
    successor: null,
    leadsKnown: false,
  },
]

const text = null
const amenity = (code: string, zh: string, en: string) => ({ code, name: { zh, en }, text })

const DONGXIN: Fact<WholePark> = {
  _id: 'dongxin',
  kind: 'park',
  name: { zh: '创新中国产业园·东新分园', en: 'Innovation China Industrial Park · Dongxin Branch' },
  shortName: { zh: '东新分园', en: 'Dongxin Park' },
  alias: { zh: '智谷创新广场', en: 'Zhigu Innovation Plaza' },
  city: { zh: '杭州', en: 'Hangzhou' },
  address: { zh: '杭州市下城区善贤路4号', en: '4 Shanxian Road, Xiacheng District, Hangzhou' },
  bureau: { name: { zh: '杭州市下城区科学技术局', en: 'Science and Technology Bureau of Xiacheng District' }, phone: '0571-85820615' },
  operator: null,
  ruleBook: null,
  homeDistrict: 'xiacheng',
  hostDistrict: 'xiacheng',
  area: 2_736_800,
  zone: 'Asia/Shanghai',
  hours: null,
  hotline: '0571-56920112',
  tagline: {
    zh: '创新型科技园区，大学生创业基地。',
    en: 'An innovation-oriented science park and a base for university-student founders.',
  },
  intro: {
    zh: '园区总建筑面积 27,368 ㎡，地上四层、地下一层，打造服务型创新广场和创业者的俱乐部：从小型服务式办公到产业化企业空间，企业注册、财务托管、创业实训与一对一辅导，一处办好。',
    en: 'A service-style innovation plaza and a club for entrepreneurs: 27,368 ㎡ on four floors and a basement, from small serviced offices to space for industrialising companies, with company registration, financial trusteeship, founder training and one-to-one mentoring under one roof.',
  },
  access: [
    { zh: '地铁 5 号线（公布时为规划）', en: 'Metro line 5 (planned when published)' },
    { zh: '快速公交（BRT）换乘站', en: 'BRT interchange' },
  ],
  products: [
    { zh: '产业化企业空间', en: 'Space for industrialising companies' },
    { zh: '大学生创业空间', en: 'Student start-up space' },
    { zh: '初创科技型小微企业孵化空间', en: 'Incubation of early-stage micro tech companies' },
    { zh: '小型服务式办公空间', en: 'Small serviced offices' },
  ],
  industries: ['software', 'ecommerce', 'iot', 'biomedicine', 'health', 'energy', 'green', 'research', 'carrier', 'fintech'],
  amenities: [
    amenity('desk', '公共服务大厅', 'Public service hall'),
    amenity('negotiation', '洽谈区', 'Negotiation area'),
    amenity('meeting', '小型会议室', 'Small meeting rooms'),
    amenity('hall', '大型多功能会议室', 'Large multi-function meeting room'),
    amenity('lounge', '休闲吧', 'Lounge bar'),
    amenity('coffee', '咖啡吧', 'Coffee bar'),
    amenity('canteen', '内部食堂', 'Staff canteen'),
    amenity('fitness', '健身活动中心', 'Fitness centre'),
    amenity('billiards', '桌球娱乐室', 'Billiards room'),
    amenity('football', '顶楼足球场', 'Rooftop football field'),
  ],
  services: [
    {
      code: 'registration',
      name: { zh: '企业注册代办', en: 'Company registration agency' },
      text: { zh: '大学生创业者免费。', en: 'Free for university-student founders.' },
      free: true,
    },
    {
      code: 'finance',
      name: { zh: '财务委托管理', en: 'Financial trusteeship' },
      text: { zh: '记账、报税由专人代管。', en: 'Bookkeeping and tax filing in trusted hands.' },
      free: false,
    },
    {
      code: 'training',
      name: { zh: '创业实训', en: 'Founder training' },
      text: { zh: '免费参加区创业实训。', en: 'Free entry to the district’s founder training.' },
      free: true,
    },
    {
      code: 'mentoring',
      name: { zh: '一对一团队辅导', en: 'One-to-one team mentoring' },
      text: { zh: '免费参加。', en: 'Free of charge.' },
      free: true,
    },
  ],
  provisional: [],
}

const WUCHENG: Fact<WholePark> = {
  _id: 'wucheng-hangzhou',
  kind: 'enclave',
  name: { zh: '婺城区科创飞地（杭州）', en: 'Wucheng Science-Tech Enclave (Hangzhou)' },
  shortName: { zh: '婺城飞地', en: 'Wucheng Enclave' },
  alias: null,
  city: { zh: '杭州', en: 'Hangzhou' },
  address: null,
  bureau: { name: { zh: '金华市婺城区科技局', en: 'Science and Technology Bureau of Wucheng District' }, phone: null },
  operator: null,
  ruleBook: { zh: '《婺城区异地创新创业基地管理办法》', en: 'Wucheng Rules for Innovation Bases in Other Cities' },
  homeDistrict: 'wucheng',
  hostDistrict: null,
  area: null,
  zone: 'Asia/Shanghai',
  hours: null,
  hotline: null,
  tagline: { zh: '研发在杭州，政策在婺城。', en: 'Research in Hangzhou, backed by Wucheng’s policies.' },
  intro: {
    zh: '婺城区在杭州设立的科创飞地，配有飞地优惠政策，并以“四云机制”服务企业：网络技术难题“云对接”、科创飞地“云推介”、科技立项“云申报”、科技政策“云辅导”。',
    en: 'Wucheng’s science-tech enclave in Hangzhou with preferential policies of its own, and four cloud services: technical problems matched to experts, the enclave presented online, project applications online, and policy tutoring online.',
  },
  access: [],
  products: [],
  industries: [],
  amenities: [],
  services: [
    { code: 'matching', name: { zh: '网络技术难题“云对接”', en: 'Technical problems matched to experts' }, text, free: false },
    { code: 'promotion', name: { zh: '科创飞地“云推介”', en: 'The enclave presented online' }, text, free: false },
    { code: 'application', name: { zh: '科技立项“云申报”', en: 'Project applications online' }, text, free: false },
    { code: 'tutoring', name: { zh: '科技政策“云辅导”', en: 'Policy tutoring online' }, text, free: false },
  ],
  provisional: ['name', 'city'],
}

const JINDONG: Fact<WholePark> = {
  _id: 'jindong-hangzhou',
  kind: 'enclave',
  name: { zh: '金东区产业创新飞地园区', en: 'Jindong Industrial Innovation Enclave' },
  shortName: { zh: '金东飞地', en: 'Jindong Enclave' },
  alias: { zh: '杭州科创中心', en: 'Hangzhou Science and Innovation Centre' },
  city: { zh: '杭州', en: 'Hangzhou' },
  address: null,
  bureau: { name: { zh: '金华市金东区科技局', en: 'Science and Technology Bureau of Jindong District' }, phone: null },
  operator: { zh: '杭州普得莱（浙江）商业管理有限公司', en: 'Hangzhou Pudelai (Zhejiang) Commercial Management Co., Ltd.' },
  ruleBook: { zh: '《金东区产业创新飞地园区管理办法（试行）》', en: 'Jindong Rules for the Industrial Innovation Enclave (Trial)' },
  homeDistrict: 'jindong',
  hostDistrict: null,
  area: null,
  zone: 'Asia/Shanghai',
  hours: null,
  hotline: null,
  tagline: { zh: '立足杭州、服务金东的产业创新飞地。', en: 'Jindong’s industrial innovation enclave in Hangzhou.' },
  intro: {
    zh: '2020 年 1 月，金东区与杭州普得莱（浙江）商业管理有限公司签订战略合作协议，并就建设杭州科创中心达成协议，组建了平台管理与招商联合团队。',
    en: 'In January 2020 Jindong District signed a strategic agreement with Hangzhou Pudelai (Zhejiang) Commercial Management Co., Ltd., agreed on a Hangzhou science and innovation centre, and set up a joint platform-management and promotion team.',
  },
  access: [],
  products: [],
  industries: [],
  amenities: [],
  services: [],
  provisional: [],
}

export const PARKS: Fact<WholePark>[] = [DONGXIN, WUCHENG, JINDONG]
