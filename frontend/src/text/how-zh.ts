/** The words of the page that tells how the chart knows what it says, in Chinese. English must match. */
export const howZh = {
  title: "我们怎么知道的",
  lede: "图上写的每件事，都是有人说过的：谁说的、哪天说的、原话怎样，都可以查到。没有人说的，我们不猜。",
  contents: "本页内容",
  toMap: "回到地图",
  failed: "来源没有取来",
  more: (n: number) => `另有 ${n} 个没有列在这里。`,
  asOf: (date: string, revision: number) => `数字截至 ${date}，版本 ${revision}。`,
  figures: {
    sources: "份来源",
    claims: "条说法",
    verbatim: "条引用原话",
    projects: "个项目",
  },
  parts: {
    know: "一件事怎样上图",
    sources: "来源",
    schematic: "哪些只是示意",
    unknown: "哪些还没有人说",
    words: "这些词是什么意思",
    licences: "许可与署名",
    report: "发现错了",
    data: "把数据拿走",
  },
  know: {
    claim: "每件事都是一条说法",
    claimSaid: (all: number, verbatim: number, summed: number) =>
      `图上没有谁填好的“状态”。动工了没有、哪天通车，都来自一条条说法：某个来源，在某一天，用某句话，说了某件事。现在有 ${all} 条，${verbatim} 条引用原话，${summed} 条是我们写的摘要，摘要从不加引号。几个来源说得不一样时，先看谁更官方，再看谁更具体，再看谁更新；没有采用的那条也摆在旁边。`,
    times: "四个时间分开记",
    timesSaid: (undated: number) =>
      `事情是哪天的，来源是哪天说的，我们是哪一版发布的，今天又是哪天：这四个时间从不混在一起。所以可以回头看那天的样子，也可以只看那时大家已经知道的。有 ${undated} 条说法的来源没有写日期，只能算作我们读到它那天才知道的，也不当作新消息。`,
    promise: "承诺不等于事实",
    promiseSaid: (done: number, other: number) =>
      `${done} 条说法讲的是已经发生的事，另外 ${other} 条讲的是打算、希望或承诺。“探索”“力争”“预计”“确保”分量不同，都照来源的话注明；图上画成空心。日期到了，承诺也不会自己变成事实，要等有来源说它做到了。`,
    nobody: "没人说，就写没人说",
    nobodySaid:
      "“未说明”是没有来源讲过它到了哪一步，不等于没有进展。“到期后未见消息”是承诺的日期过了，之后没有来源再说起：可能早就做完，也可能晚了。只有来源能证明晚了，才说晚，而且只说“至少晚多少天”。",
  },
  sources: {
    lede: "按说话的人分成三类。同一件事说法不同，先采用官方的，再是报道，最后是网上的资料。",
    ofTier: (n: number, claims: number) => `${n} 份，${claims} 条说法`,
    said: (date: string) => `${date}所说`,
    undated: (date: string) => `没有写日期，${date}读到`,
    claims: (n: number) => `${n} 条说法`,
    figures: (n: number) => `其中 ${n} 条是全街道的数字`,
    withdrawn: (n: number) => `另有 ${n} 条已撤回`,
    projects: "说到的项目",
    rest: (n: number) => `其余 ${n} 份`,
  },
  schematic: {
    why: (n: number) =>
      `有 ${n} 个项目，没有任何来源公布过坐标或红线。公开的文件和报道只用文字说明它们在哪里，例如靠近哪条路、属于哪个社区；设计图一般不公开。我们按这些文字画一个大概，好让您知道是哪一带。`,
    drawn:
      "这样的形状画得虚而淡，旁边写着“示意”，在卡片和下载的文件里也都注明。真实的边界可能不同，所以从不用它计算面积、长度或距离，也不能用来判断某一户、某块地在不在里面。",
    which: "按类别列出示意的项目",
  },
  unknown: {
    lede: "空白也是信息。下面这些，我们读过的来源都没有说；如果您知道哪里说过，请告诉我们。",
    phase: "没有说到了哪一步",
    phaseSaid: "有人提到这些项目，但没有说它们是在谋划、在建还是已经建成。图上画成细细的灰线。",
    place: "没有说在哪里",
    placeSaid: (others: number) =>
      `这些项目没有可信的位置，所以不画在图上，只列在“不在图上”里。${others ? `那里还有 ${others} 项本来就不画：由部分组成的总项，以及没有地点可言的计划、活动和称号。` : ""}`,
    date: "没有说哪天做到",
    dateSaid: (n: number) =>
      `有 ${n} 条打算或承诺没有给出日期。没有日期，就没法说是早是晚，所以它们不参与计算，只照原话列出。`,
    open: "打开名单",
    onMap: "在地图上只看这些",
  },
  words: {
    lede: "这些都是行业里的说法。每个词后面，用一句平常的话说明它的意思，以及有多可靠。",
    phases: "阶段",
    phasesLede: "一个项目走到了哪一步。",
    commitments: "承诺程度",
    commitmentsLede: "来源把话说到多满，从轻到重。",
    lights: "时序灯",
    lightsLede: "承诺的日期到了没有，做到没有。由说法算出来，没有人手工填。",
    precisions: "位置精度",
    precisionsLede: "图上的位置和形状有多准。",
    tiers: "来源类别",
    tiersLede: "话是谁说的。",
  },
  licences: {
    lede: "事实本身谁都可以用。文字只作简短引用，原文属于各自的发布者；每份来源的许可写在它的下面。图上的形状和底图用到这些：",
  },
  report: {
    how: "哪里不对，请告诉我们，最好附上依据：哪份文件、哪天说的。每个项目的卡片里也有“报错”，会带上项目的名称和编号。",
    nobody: "这里还没有公布接收报错的地址，请向主办单位反映，最好附上依据：哪份文件、哪天说的。",
  },
  data: {
    lede: "图上的内容都可以整份下载，供表格、地图软件或程序使用。坐标是 WGS84。",
    geojson: "GeoJSON 地图文件",
    geojsonSaid: "所有项目，带位置、精度和位置的出处。",
    gpkg: "GPKG 图层",
    gpkgSaid: "同样的内容，供 QGIS 等地图软件使用；来源和说明在文件里。",
    xlsx: "Excel 表格",
    xlsxSaid: "日期、数字可直接筛选计算；另有来源、说明两张表。",
    csv: "CSV 表格",
    csvSaid: "同样的内容，可用表格软件打开。",
    sources: "来源清单",
    sourcesSaid: "本页的来源和数字，供程序读取。",
    openapi: "接口说明（OpenAPI）",
    openapiSaid: "还能问什么、怎么问。",
  },
};
export type HowText = typeof howZh;
