/** 上传页上关于“回答”的词：上次怎么答的，谁发布的，坐标系是猜的还是写明的，备注公开不公开。 */
export const answersZh = {
  before: {
    title: (day: string, file: string) => `和上次一样（${day}，${file}）`,
    use: "沿用上次的回答",
    hint: "列对应什么、单位、状态里的词、精度、坐标系都照上次的，不再问。列变了就不沿用，检查结果里会写明。",
    what: "看上次的回答",
    column: (field: string, target: string, unit: string) =>
      unit ? `${field} → ${target}（${unit}）` : `${field} → ${target}`,
    word: (word: string, phase: string) => `“${word}”表示 ${phase}`,
    system: (names: string) => `坐标系：${names}`,
    precision: (name: string) => `位置：${name}`,
    look: "看或改列的对应",
    anew: "不沿用，重新识别",
  },
  source: {
    publisher: "发布单位",
    publisherHint: "谁发布的这些数据：随来源显示给所有人；不填则显示数据集的名称",
    tier: "来源类别",
    tierChoose: "选择来源类别…",
    tierHint: "显示给所有人；说法互相矛盾时，官方的优先",
    term: "来源",
    already: "同一数据集同一天的来源已经公开，仍按它显示",
  },
  crs: {
    title: "坐标系是假定的",
    lede: "文件没有写坐标系，按 WGS84 读取。国内地图软件导出的坐标常有偏移（约 500 米），看一看图上的位置再选。",
    right: "是 WGS84 或 CGCS2000",
    shifted: { "GCJ-02": "是 GCJ-02（高德、腾讯）", "BD-09": "是 BD-09（百度）" } as Record<string, string>,
    said: (datum: string) => `${datum} · 按您的选择`,
  },
  remark: {
    publish: (field: string) => `公开“${field}”`,
    keep: (field: string) => `不公开“${field}”`,
  },
};

export type AnswersText = typeof answersZh;
